#!/usr/bin/perl
# Runs each fuzz target over its corpus: inputs that once were trouble stay
# harmless.  One TAP line for each target.
use strict;
use warnings;
use File::Basename qw(basename dirname);

my $limit_s = 600;
my $here = dirname($0);
my $build = $ENV{STAGEGATE_BUILD} || "$here/../../build";
my @names = sort grep { $_ ne 'driver' }
	map { basename($_, '.c') } glob "$here/*.c";

if (!@names) {
	print "1..0 # skip there are no fuzz targets\n";
	exit 0;
}
print '1..', scalar @names, "\n";
my $n = 0;
for my $name (@names) {
	my $corpus = "$here/corpus/$name";
	my $output =
		`timeout $limit_s '$build/fuzz/$name' '$corpus' 2>&1 </dev/null`;
	my $good = $? == 0;
	my @lines = split /\n/, $output;
	$n++;
	print $good ? '' : 'not ', "ok $n - $name: ", scalar @lines, " inputs\n";
	next if $good;
	splice @lines, 0, @lines - 40 if @lines > 40; # the last one is it
	print STDERR "# $_\n" for @lines;
}
