#!/usr/bin/perl
# Stands in for GitLab's Gitaly, which runs custom hooks from its own process:
#
#	gitaly.pl serve SOCKET			until it is ended
#	gitaly.pl hook SOCKET NAME ARG..	what git runs as a hook
#
# The hook hands its input, arguments, and of its environment what Gitaly hands
# on, over to the server.  That runs custom_hooks/NAME.d/* of the repository, in
# order of their names, with GIT_DIR absolute, without GIT_QUARANTINE_PATH, and
# without GIT_PUSH_OPTION_COUNT where there are no options; it stops at the first
# that fails, and answers with what they wrote and the exit code.
use strict;
use warnings;
use Cwd qw(abs_path);
use IO::Socket::UNIX;
use Socket;

my $KEPT = qr/^(GIT_OBJECT_DIRECTORY|GIT_ALTERNATE_OBJECT_DIRECTORIES|GL_\w+|GIT_PUSH_OPTION_\d+|HOME|PATH)$/;

my ($what, $path, @rest) = @ARGV;
$what eq 'serve' ? serve() : hook();

sub send_strings { # each with its length before it
	my ($to, @strings) = @_;
	my $bytes = pack 'N', scalar @strings;
	$bytes .= pack 'N/a*', $_ for @strings;
	print $to $bytes or die "write: $!";
	$to->flush;
}

sub take {
	my ($from, $n) = @_;
	my $bytes = '';
	while (length $bytes < $n) {
		read $from, $bytes, $n - length $bytes, length $bytes
			or die "the other side is gone\n";
	}
	return $bytes;
}

sub take_strings {
	my ($from) = @_;
	my $n = unpack 'N', take($from, 4);
	return map { take($from, unpack 'N', take($from, 4)) } 1 .. $n;
}

sub hook {
	my ($name, @args) = @rest;
	my $git_dir = abs_path($ENV{GIT_DIR} // '.');
	my %env = map { $_ => $ENV{$_} } grep { /$KEPT/ } keys %ENV;
	$env{GIT_OBJECT_DIRECTORY} = abs_path($env{GIT_OBJECT_DIRECTORY})
		if $env{GIT_OBJECT_DIRECTORY};
	$env{GIT_PUSH_OPTION_COUNT} = $ENV{GIT_PUSH_OPTION_COUNT}
		if $ENV{GIT_PUSH_OPTION_COUNT};
	$env{GIT_DIR} = $git_dir;
	local $/;
	my $input = $name eq 'update' ? '' : <STDIN>;
	my $server = IO::Socket::UNIX->new(Peer => $path) or die "no server: $!";
	send_strings($server, $git_dir, $name, $input,
		join("\0", @args), join("\0", %env));
	my ($out, $status) = take_strings($server);
	print STDERR $out;
	exit $status;
}

sub run_all {
	my ($git_dir, $name, $input, $args, $env) = @_;
	local %ENV = split /\0/, $env;
	my ($out, $status) = ('', 0);
	chdir $git_dir or die "$git_dir: $!";
	for my $script (sort glob "'$git_dir'/custom_hooks/$name.d/*") {
		next if $script =~ /~$/ or !-x $script;
		open my $in, '+>', undef or die $!;
		print $in $input;
		$in->flush;
		seek $in, 0, 0;
		my $pid = open my $from, '-|';
		defined $pid or die "fork: $!";
		if (!$pid) {
			open STDIN, '<&', $in or die $!;
			open STDERR, '>&', \*STDOUT or die $!;
			exec $script, split /\0/, $args or die "$script: $!";
		}
		local $/;
		$out .= <$from> // '';
		close $from;
		$status = $? >> 8 || ($? ? 128 : 0);
		last if $status;
	}
	return ($out, $status);
}

sub serve {
	my $listen = IO::Socket::UNIX->new(Local => $path, Listen => 8)
		or die "$path: $!";
	$SIG{CHLD} = 'IGNORE';
	while (1) {
		my $client = $listen->accept or next;
		my $pid = fork // die "fork: $!";
		next if $pid;
		$SIG{CHLD} = 'DEFAULT';
		send_strings($client, run_all(take_strings($client)));
		exit 0;
	}
}
