#!/usr/bin/perl
# sink.pl http|smtp DIR: something on the loopback that events are sent to.
#
# The port is written to DIR/port when it listens.  What comes is kept in DIR,
# one file each in order of arrival, DIR/0001.head and DIR/0001.body (of mail:
# the whole of it, and DIR/0001.rcpt).  What is answered stands in DIR/answer
# each time something comes: a status (200, 500, 451 ..), `hang` (nothing, and
# the connection stays), `close`, or `redirect URL`; where there is no such file
# it is 200, of mail 250.  Refused ones are kept as well, as 0001.refused.
# Ends with the process that it is a child of.
use strict;
use warnings;
use IO::Socket::INET;
use POSIX qw(:sys_wait_h);

my ($kind, $dir) = @ARGV;
my $parent = getppid;
my $listen = IO::Socket::INET->new(
	LocalAddr => '127.0.0.1', Proto => 'tcp', Listen => 50, ReuseAddr => 1)
    or die "cannot listen: $!\n";

sub put {
	my ($path, $text) = @_;
	open my $file, '>:raw', "$path.new" or die "$path: $!\n";
	print {$file} $text;
	close $file or die "$path: $!\n";
	rename "$path.new", $path or die "$path: $!\n";
}

sub answer {
	open my $file, '<', "$dir/answer" or return undef;
	my $line = <$file>;
	chomp $line if defined $line;
	return $line;
}

# Numbers are taken by making a file that was not there.
sub keep {
	my ($good, %parts) = @_;
	for (my $n = 1;; $n++) {
		my $name = sprintf '%s/%04d', $dir, $n;
		next unless mkdir "$name.taken";
		for my $part (keys %parts) {
			put($good ? "$name.$part" : "$name.$part.refused",
			    $parts{$part});
		}
		return;
	}
}

# The listener, seen from a child of it.
my $listener = $$;

sub alive {
	return getppid == $listener;
}

sub hang {
	sleep 1 while alive();
	exit;
}

sub http {
	my ($peer) = @_;
	my ($head, $body) = ('', '');
	while (defined(my $line = <$peer>)) {
		last if $line eq "\r\n";
		$head .= $line;
	}
	my ($length) = $head =~ /^content-length:\s*(\d+)/mi;
	read $peer, $body, $length if $length;
	my $answer = answer() // 200;
	hang() if $answer eq 'hang';
	exit if $answer eq 'close';
	my $more = '';
	if ($answer =~ s/^redirect (.*)/302/) {
		$more = "Location: $1\r\n";
	}
	keep($answer =~ /^2/ ? 1 : 0, head => $head, body => $body);
	print {$peer} "HTTP/1.1 $answer So\r\n${more}Content-Length: 3\r\n",
	    "Connection: close\r\n\r\nso\n";
}

sub smtp {
	my ($peer) = @_;
	my ($rcpt, $body) = ('', '');
	my $answer = answer() // 250;
	hang() if $answer eq 'hang';
	exit if $answer eq 'close';
	print {$peer} "220 sink\r\n";
	while (defined(my $line = <$peer>)) {
		if ($line =~ /^(?:helo|ehlo)/i) {
			print {$peer} "250 sink\r\n";
		} elsif ($line =~ /^data/i) {
			print {$peer} "354 go on\r\n";
			while (defined($line = <$peer>) && $line ne ".\r\n") {
				$line =~ s/^\.//;
				$line =~ s/\r\n$/\n/;
				$body .= $line;
			}
			keep($answer =~ /^2/ ? 1 : 0, rcpt => $rcpt, body => $body);
			print {$peer} "$answer so\r\n";
		} elsif ($line =~ /^quit/i) {
			print {$peer} "221 bye\r\n";
			last;
		} else {
			$rcpt .= $1 . "\n" if $line =~ /^rcpt to:<(.*?)>/i;
			print {$peer} "250 so\r\n";
		}
	}
}

put("$dir/port", $listen->sockport . "\n");
while (getppid == $parent) {
	my $bits = '';
	vec($bits, fileno($listen), 1) = 1;
	1 while waitpid(-1, WNOHANG) > 0;
	next unless select $bits, undef, undef, 0.5;
	my $peer = $listen->accept or next;
	my $pid = fork // next;
	if ($pid == 0) {
		close $listen;
		$peer->autoflush(1);
		$kind eq 'smtp' ? smtp($peer) : http($peer);
		close $peer;
		exit;
	}
	close $peer;
}
