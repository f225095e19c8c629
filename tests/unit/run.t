#!/usr/bin/perl
# One TAP line for each program tests/unit/test_*.c; what a program that fails
# has printed follows as diagnostics.  STAGEGATE_WRAP goes before the program.
use strict;
use warnings;
use File::Basename qw(basename dirname);

my $limit_s = 600;
my $here = dirname($0);
my $build = $ENV{STAGEGATE_BUILD} || "$here/../../build";
my $wrap = $ENV{STAGEGATE_WRAP} || '';
my @names = sort map { basename($_, '.c') } glob "$here/test_*.c";

if (!@names) {
	print "1..0 # skip there are no unit tests\n";
	exit 0;
}
print '1..', scalar @names, "\n";
my $n = 0;
for my $name (@names) {
	my $output = `timeout $limit_s $wrap '$build/unit/$name' 2>&1 </dev/null`;
	my $good = $? == 0;
	my $status = $? & 127 ? 'signal ' . ($? & 127) : 'exit ' . ($? >> 8);
	$n++;
	print $good ? '' : 'not ', "ok $n - $name\n";
	next if $good;
	print STDERR "# $name: $status\n";
	print STDERR "# $_\n" for split /\n/, $output;
}
