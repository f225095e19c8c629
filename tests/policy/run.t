#!/usr/bin/perl
# What `stagegate check` says of each tests/policy/NNN-what.yml, byte by byte:
# its diagnostics stand in NNN-what.exp (an empty one: there is nothing to
# say).  The exit code is 2 when one of them is an error, else 0.  Files that
# no editor would keep as they are (NUL, a BOM, UTF-16, CR ..) are made here.
#
# STAGEGATE_UPDATE=1 writes the .exp files anew: read the diff afterwards.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Copy qw(copy);
use File::Temp qw(tempdir);

my $here = abs_path(dirname($0));
my $build = abs_path($ENV{STAGEGATE_BUILD} || "$here/../../build");
my $program = "$build/stagegate";
my $tmp = tempdir(CLEANUP => 1);
my $n = 0;
# Of processor time, whatever else the machine does: what libyaml needs for
# quadratic nesting is more.
my $cpu_s = 8;

sub ok {
	my ($good, $what, @notes) = @_;
	$n++;
	print $good ? '' : 'not ', "ok $n - $what\n";
	return if $good;
	print STDERR map { "# $_\n" } map { split /\n/ } @notes;
}

sub slurp {
	my ($path) = @_;
	open my $file, '<:raw', $path or return undef;
	local $/;
	my $text = <$file>;
	return defined $text ? $text : '';
}

sub spew {
	my ($path, $text) = @_;
	open my $file, '>:raw', $path or die "$path: $!";
	print $file $text;
	close $file or die "$path: $!";
}

# The exit code and what was said; the file is named as it stands in $tmp.
sub check {
	my ($name) = @_;
	my $pid = fork;
	die "fork: $!" unless defined $pid;
	if ($pid == 0) {
		open STDIN, '<', '/dev/null' or die;
		open STDOUT, '>', "$tmp/.out" or die;
		open STDERR, '>', "$tmp/.err" or die;
		exec '/bin/sh', '-c', "ulimit -t $cpu_s && exec \"\$0\" check \"\$1\"",
			$program, $name or exit 127;
	}
	waitpid $pid, 0;
	return ($? & 127 ? 128 + ($? & 127) : $? >> 8, slurp("$tmp/.err"));
}

# A file made of these bytes is refused with exactly this first line.
sub refused {
	my ($what, $bytes, $want) = @_;
	spew("$tmp/made.yml", $bytes);
	chmod 0644, "$tmp/made.yml";
	my ($code, $said) = check('made.yml');
	my ($first) = (split(/\n/, $said), '');
	ok($code == 2 && $first eq $want, $what, "exit $code, said: $first",
		"want: $want");
}

sub golden {
	my ($yml) = @_;
	my $name = basename($yml, '.yml');
	my $exp = "$here/$name.exp";
	my ($code, $said) = check("$name.yml");
	if ($ENV{STAGEGATE_UPDATE}) {
		spew($exp, $said);
	}
	my $want = slurp($exp);
	if (!defined $want) {
		ok(0, $name, "there is no $name.exp");
		return;
	}
	my $want_code = $want =~ /: error: /m ? 2 : 0;
	ok($code == $want_code && $said eq $want, $name,
		"exit $code, want $want_code", 'said:', $said, 'want:', $want);
}

umask 022;
delete @ENV{grep { /^GIT_/ } keys %ENV};
$ENV{LC_ALL} = 'C';
die "$program is not there\n" unless -x $program;

mkdir "$tmp/include" or die;
for my $path (glob("$here/*.yml"), glob("$here/include/*.yml")) {
	my $copy = $tmp . substr($path, length $here);
	copy($path, $copy) or die "$path: $!";
	chmod 0644, $copy;
}
chdir $tmp or die;
golden($_) for sort glob "$here/[0-9]*.yml";

my $good = "flow: f\nversion: 1.0.0\nroles: {dev: [alice]}\nstages:\n"
	. "  - {name: dev, refs: \"refs/heads/f/*\", push: dev}\n";

refused('a byte order mark', "\xef\xbb\xbf$good",
	'made.yml:1:1: error: begins with a byte order mark: '
	. 'must be UTF-8 without one');
refused('UTF-16, little end first', "\xff\xfe" . join('', map { "$_\0" }
	split //, $good), 'made.yml:1:1: error: looks like UTF-16: must be UTF-8');
refused('UTF-16, big end first', "\xfe\xff" . join('', map { "\0$_" }
	split //, $good), 'made.yml:1:1: error: looks like UTF-16: must be UTF-8');
refused('UTF-16 without a mark', join('', map { "$_\0" } split //, $good),
	'made.yml:1:1: error: looks like UTF-16: must be UTF-8');
refused('a NUL byte', "${good}# a\0b\n", 'made.yml:6:4: error: a NUL byte');
refused('CR at the ends of lines', $good =~ s/\n/\r\n/gr,
	'made.yml:1:8: error: a carriage return: lines must end with LF alone');
refused('CR alone', $good =~ s/\n/\r/gr,
	'made.yml:1:8: error: a carriage return: lines must end with LF alone');
refused('an escape byte', "${good}# \e[31m\n",
	'made.yml:6:3: error: a control character');
refused('DEL', "${good}# \x7f\n", 'made.yml:6:3: error: a control character');
refused('a C1 control', "${good}# \xc2\x9b\n",
	'made.yml:6:3: error: a control character');
refused('a byte that is not UTF-8', "${good}# \xff\n",
	'made.yml:6:3: error: not valid UTF-8');
refused('an overlong form', "${good}# \xc0\xaf\n",
	'made.yml:6:3: error: not valid UTF-8');
refused('a surrogate', "${good}# \xed\xa0\x80\n",
	'made.yml:6:3: error: not valid UTF-8');
refused('a character cut short at the end', "${good}# \xe2\x80",
	'made.yml:6:3: error: not valid UTF-8');
refused('nothing', '', 'made.yml:1:1: error: there is nothing in this file');
refused('blanks', "  \n\n   ",
	'made.yml:1:1: error: there is nothing in this file');
refused('100,000 brackets', '[' x 100_000,
	'made.yml:1:17: error: nested deeper than 16');
refused('100,000 brackets on as many lines', "[\n" x 100_000,
	'made.yml:17:1: error: nested deeper than 16');
refused('100,000 braces', '{a: ' x 100_000,
	'made.yml:1:65: error: nested deeper than 16');
refused('100,000 dashes', '- ' x 100_000,
	'made.yml:1:33: error: nested deeper than 16');
refused('100,000 question marks', '? ' x 100_000,
	'made.yml:1:3: error: a key must be a word, not a list or a mapping');
refused('300,000 values', "a: [" . 'x,' x 300_000 . "]\n",
	'made.yml:1:199999: error: more than 100000 values');
refused('40,000 keys', join('', map { "k$_: x\n" } 1 .. 40_000),
	"made.yml:1:1: error: unknown key 'k1' in the policy");
refused('40,000 times one key', "k: x\n" x 40_000,
	"made.yml:2:1: error: duplicate key 'k'");
refused('a line of 1,000,000 bytes', 'flow: ' . 'x' x 1_000_000 . "\n",
	"made.yml:1:1: error: the policy lacks 'version'");

# --- which files may be used ------------------------------------------------

sub unusable {
	my ($what, $name, $want) = @_;
	my ($code, $said) = check($name);
	ok($code == 2 && $said eq "error: $want\n", $what,
		"exit $code, said: $said", "want: $want");
}

spew('ours.yml', $good);
for my $mode (0664, 0646, 0666) {
	chmod $mode, 'ours.yml';
	unusable(sprintf('mode %04o', $mode), 'ours.yml',
		"'ours.yml' is writable by group or others");
}
chmod 0600, 'ours.yml';
ok((check('ours.yml'))[0] == 0, 'mode 0600 is fine');
unusable('no file', 'nowhere.yml',
	"cannot open 'nowhere.yml': No such file or directory");
unusable('a folder', 'include', "'include' is not a regular file");
system('mkfifo', 'fifo.yml') == 0 or die;
unusable('a FIFO', 'fifo.yml', "'fifo.yml' is not a regular file");
spew('big.yml', $good . '#' x (1 << 20));
unusable('more than 1 MiB', 'big.yml',
	"'big.yml' is larger than 1048576 bytes");
symlink 'ours.yml', 'link.yml' or die;
ok((check('link.yml'))[0] == 0, 'what a link leads to is looked at');
chmod 0666, 'ours.yml';
unusable('a link to what others may write', 'link.yml',
	"'link.yml' is writable by group or others");
chmod 0600, 'ours.yml';

# Included files are held to the same rules.
spew('open.yml', "people: {alice: {}}\n");
chmod 0666, 'open.yml';
refused('an included file that others may write',
	"include: [open.yml]\n$good",
	"made.yml:1:11: error: cannot include 'open.yml': "
	. "'open.yml' is writable by group or others");
refused('an included file that is a folder', "include: [include]\n$good",
	"made.yml:1:11: error: cannot include 'include': "
	. "'include' is not a regular file");
if ($> == 0) {
	chown 1, -1, 'ours.yml';
	unusable('owned by somebody else', 'ours.yml',
		"'ours.yml' is owned by neither root nor this account");
	chown 0, -1, 'ours.yml';
}

# --- the shipped ones -------------------------------------------------------

mkdir 'examples';
for my $path ("$here/../../policy/policy.yml",
	glob("$here/../../policy/examples/*.yml"),
	"$here/../../policy/reference.yml") {
	my $name = basename($path);
	copy($path, $name) or die "$path: $!";
	chmod 0644, $name;
	if ($path =~ m,/examples/,) { # which the reference extends one of
		copy($path, "examples/$name") or die "$path: $!";
		chmod 0644, "examples/$name";
	}
	my ($code, $said) = check($name);
	ok($code == 0 && $said eq '', "shipped: $name", "exit $code", $said);
}
print "1..$n\n";
