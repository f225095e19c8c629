#!/usr/bin/perl
# What 1735-coverage-lines.t looks at: cases made by chance, and for each the
# new lines computed without stagegate, from `git diff -U0 -M` and the report.
#
#   coverage-lines.pl make STATE	a stream for git-fast-import
#   coverage-lines.pl state STATE MARKS	another, with the statements
#   coverage-lines.pl judge STATE KIND PROGRAM SERVER
#					tries each case of that kind: TAP's lines
#					without numbers
use strict;
use warnings;
use Storable qw(store retrieve);

my %cases_of = (straight => 110, updated => 60, merged => 40);
# Those that are judged where anything may enter need no branch of their own.
my %place_of = (straight => 'loose', updated => 'loose/up', merged => 'feature');
my @words = ('{', '}', '', "\treturn 0;", "\tif (a)", "\tb();", 'int f(void)',
	"\tfor (;;)", "\tx = 1;", "\ty++;", '/* */', "\telse");
my @kinds = qw(c c c c c py h txt);
my ($mark, $fresh, $state_file) = (0, 0, '');

sub pick { return $_[int rand @_] }

# --- trees: path => reference to lines ---

sub some_line { return rand() < 0.5 ? pick(@words) : "\tcall_" . $fresh++ . '();' }

sub new_file {
	my ($tree) = @_;
	my $path = pick('src', 'lib', 'src/deep') . '/f' . $fresh++ . '.' . pick(@kinds);
	$tree->{$path} = [map { some_line() } 1 .. 5 + rand 40];
	return $path;
}

sub edit_file {
	my ($tree, $path) = @_;
	my @lines = @{ $tree->{$path} };
	for (1 .. 1 + rand 4) {
		my $at = int rand(@lines + 1);
		my $old = int rand 4;
		$old = @lines - $at if $old > @lines - $at;
		splice @lines, $at, $old, map { some_line() } 1 .. rand 6;
	}
	@lines = (some_line()) if !@lines;
	$tree->{$path} = \@lines;
}

sub change {
	my ($tree, $may) = @_;
	for (1 .. 1 + rand 4) {
		my @paths = grep { $may->($_) } sort keys %$tree;
		my $what = rand;
		if ($what < 0.2 || !@paths) {
			new_file($tree);
		} elsif ($what < 0.4) { # renamed, and edited
			my $from = pick(@paths);
			my ($ending) = $from =~ /\.(\w+)$/;
			my $to = pick('src', 'new') . '/r' . $fresh++ . ".$ending";
			$tree->{$to} = delete $tree->{$from};
			edit_file($tree, $to) if rand() < 0.7;
		} elsif ($what < 0.5) {
			delete $tree->{ pick(@paths) };
		} else {
			edit_file($tree, pick(@paths));
		}
	}
}

# --- commits ---

sub commit {
	my ($branch, $tree, @parents) = @_;
	$mark++;
	print "commit $branch\nmark :$mark\n",
		"committer Alice <alice\@example.com> ", 1700000000 + $mark, " +0000\n",
		"data 2\nx\n";
	print 'from :', shift @parents, "\n";
	print "merge :$_\n" for @parents;
	print "deleteall\n";
	for my $path (sort keys %$tree) {
		my $bytes = join '', map { "$_\n" } @{ $tree->{$path} };
		print "M 100644 inline $path\ndata ", length $bytes, "\n$bytes\n";
	}
	print "\n";
	return $mark;
}

# Of several, some with a path that says where it was built.
sub report {
	my ($tree) = @_;
	my $place = pick('', './', '/job/7/', '../build/');
	my %report;
	for my $path (sort keys %$tree) {
		next if $path =~ /\.txt$/ || rand() < 0.2;
		next if $path =~ /\.h$/ && rand() < 0.7;
		my %lines;
		for my $n (1 .. @{ $tree->{$path} }) {
			$lines{$n} = pick(0, 0, 1, 5) if rand() < 0.6;
		}
		$report{$path} = \%lines;
	}
	$report{ (grep { /\.c$/ } sort keys %$tree)[0] || 'src/none.c' } ||= {};
	return { place => $place, files => \%report };
}

sub make_all {
	my %state = (cases => []);
	my (%base, %main);
	new_file(\%base) for 1 .. 12;
	$base{'src/always.c'} = [map { some_line() } 1 .. 30];
	print "reset refs/heads/feature/base\n";
	$mark++;
	print "commit refs/heads/feature/base\nmark :$mark\n",
		"committer Alice <alice\@example.com> 1700000000 +0000\ndata 2\nx\n";
	for my $path (sort keys %base) {
		my $bytes = join '', map { "$_\n" } @{ $base{$path} };
		print "M 100644 inline $path\ndata ", length $bytes, "\n$bytes\n";
	}
	my $base = $mark;
	%main = %base;
	my $i = 0;
	my %theirs = map { $_ => 1 } grep { $i++ % 3 == 0 } sort keys %base;
	edit_file(\%main, $_) for sort keys %theirs;
	my $main = commit('refs/heads/feature/main', \%main, $base);
	$state{base} = { mark => $base, report => { place => '', files => { map { $_ => {} } keys %base } } };
	$state{main} = { mark => $main, report => { place => '', files => { map { $_ => {} } keys %main } } };
	for my $kind (sort keys %cases_of) {
		for my $n (1 .. $cases_of{$kind}) {
			my $branch = "refs/heads/$place_of{$kind}/$n";
			my %tree = %base;
			my $tip = $base;
			for (1 .. 1 + rand 3) {
				change(\%tree, $kind eq 'straight' ? sub { 1 } : sub { !$theirs{ $_[0] } });
				$tip = commit($branch, \%tree, $tip);
			}
			if ($kind eq 'updated') {
				$tree{$_} = $main{$_} for keys %theirs;
				change(\%tree, sub { 1 }) if rand() < 0.5;
				$tip = commit($branch, \%tree, $tip, $main);
				change(\%tree, sub { 1 }) if rand() < 0.5;
				$tip = commit($branch, \%tree, $tip);
			}
			push @{ $state{cases} }, { kind => $kind, name => "$kind-$n",
				mark => $tip, report => report(\%tree) };
		}
	}
	my $all = $base;
	for my $case (grep { $_->{kind} ne 'merged' } @{ $state{cases} }) {
		$all = commit('refs/heads/feature/all', \%base, $all, $case->{mark});
	}
	store(\%state, $state_file);
}

# --- statements ---

sub state_all {
	my ($marks_file) = @_;
	my $state = retrieve($state_file);
	my %id;
	open my $marks, '<', $marks_file or die "$marks_file: $!";
	while (<$marks>) {
		$id{$1} = $2 if /^:(\d+) ([0-9a-f]+)$/;
	}
	for my $case ($state->{base}, $state->{main}, @{ $state->{cases} }) {
		my ($report, $text) = ($case->{report}, '');
		$case->{id} = $id{ $case->{mark} };
		for my $path (sort keys %{ $report->{files} }) {
			my $lines = $report->{files}{$path};
			$text .= "SF:$report->{place}$path\n";
			$text .= "DA:$_,$lines->{$_}\n" for sort { $a <=> $b } keys %$lines;
			$text .= "end_of_record\n";
		}
		$text = "evidence: 1\ngate: cov\nresult: pass\nreport: lcov\n---\n$text";
		print "tag evidence/cov/$case->{id}\nfrom $case->{id}\n",
			"tagger CI <ci\@example.com> 1700000000 +0000\n",
			'data ', length $text, "\n$text\n";
	}
	store($state, $state_file);
}

# --- the independent computation ---

sub output {
	open my $pipe, '-|', @_ or die "$_[0]: $!";
	local $/;
	my $text = <$pipe>;
	close $pipe;
	return $text // '';
}

# Lines that a commit adds: path => reference to numbers; undef: it is the same
sub added {
	my ($from, $to) = @_;
	my (%added, $path);
	$path = '';
	my $diff = output('git', 'diff', '-U0', '-M', '--no-color', $from, $to);
	return if $diff eq '';
	for (split /\n/, $diff) {
		$path = $1 if m{^\+\+\+ b/(.*)};
		next unless /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/;
		push @{ $added{$path} }, $1 .. $1 + ($2 // 1) - 1;
	}
	return \%added;
}

sub ranges {
	my @text;
	while (@_) {
		my ($from, $to) = ($_[0], shift);
		$to = shift while @_ && $_[0] == $to + 1;
		push @text, $from == $to ? $from : "$from-$to";
	}
	splice @text, 12, @text, ' and ' . (@text - 12) . ' more' if @text > 12;
	my $more = @text && $text[-1] =~ /more/ ? pop @text : '';
	return join(', ', @text) . $more;
}

sub expected {
	my ($case, $added) = @_;
	return 'nothing changed' if !$added;
	my $files = $case->{report}{files};
	my $headers = grep { /\.h$/ } keys %$files;
	my ($covered, $all, @details) = (0, 0);
	for my $path (sort keys %$added) {
		my $lines = $files->{$path};
		next if !$lines && $path !~ /\.(c|py)$/ && !($headers && $path =~ /\.h$/);
		my @new = grep { !$lines || defined $lines->{$_} } @{ $added->{$path} };
		my @missed = grep { !$lines || !$lines->{$_} } @new;
		my $why = $lines ? @new - @missed . ' of ' . @new . ' covered' : 'not in the report';
		$all += @new;
		$covered += @new - @missed;
		push @details, [scalar @missed, "$path: " . ranges(@missed) . " ($why)"] if @missed;
	}
	@details = map { $_->[1] } sort { $b->[0] <=> $a->[0] } @details;
	splice @details, 10;
	return 'no new executable line' if !$all;
	return (sprintf('new lines %d of %d (%d.%d %%), at least 100 %%', $covered, $all,
		int($covered * 100 / $all), int($covered * 1000 / $all) % 10), @details);
}

# The merge that promotes a case, as its pusher would make it; none: conflicts.
sub promotion {
	my ($server, $main, $tip) = @_;
	my @git = ('git', '-C', $server);
	my $tree = output(@git, 'merge-tree', '--write-tree', $main, $tip);
	return if $?;
	chomp $tree;
	my $merge = output(@git, 'commit-tree', '-p', $main, '-p', $tip, '-m', 'promote', $tree);
	chomp $merge;
	return $merge;
}

sub judge_all {
	my ($kind, $program, $server) = @_;
	my $ref = 'refs/heads/' . ($kind eq 'merged' ? 'main' : 'trunk');
	my $state = retrieve($state_file);
	my $tip = $kind eq 'straight' ? $state->{base}{id} : $state->{main}{id};
	for my $case (grep { $_->{kind} eq $kind } @{ $state->{cases} }) {
		my $new = $kind eq 'merged' ? promotion($server, $tip, $case->{id}) : $case->{id};
		next if !$new;
		my $k = $kind eq 'updated' ? $tip : $state->{base}{id};
		my @want = expected($case, added($k, $case->{id}));
		my $got = output('sh', '-c', 'exec "$@" 2>&1', 'sh', $program, '-C', $server, 'try', $ref, $new, '--as', 'alice');
		(my $flat = $got) =~ s/\s+/ /g;
		my ($at, @missing) = (0);
		for my $text (@want) { # in this order: the worst file first
			my $found = index $flat, $text, $at;
			$found < 0 ? push @missing, $text : ($at = $found);
		}
		print @missing ? 'not ok' : 'ok', " - $case->{name}: $want[0]\n";
		print map { "# want: $_\n" } @missing;
		print map { "# $_\n" } @missing ? split(/\n/, $got) : ();
	}
}

my $what = shift @ARGV;
$state_file = shift @ARGV;
srand($ENV{SEED} || 20261128);
binmode STDOUT;
if ($what eq 'make') { make_all() }
elsif ($what eq 'state') { state_all(@ARGV) }
else { judge_all(@ARGV) }
