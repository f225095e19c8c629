#!/usr/bin/perl
# The tables: one TAP line for each case of each file.  Without files in argv
# all of them; STAGEGATE_WRAP goes before the program.
use strict;
use warnings;
use File::Basename qw(dirname);

my $here = dirname($0);
my $build = $ENV{STAGEGATE_BUILD} || "$here/../../build";
my $wrap = $ENV{STAGEGATE_WRAP} || '';
my @files = @ARGV ? @ARGV : sort glob "$here/*.case";

if (!@files) {
	print "1..0 # skip there are no tables\n";
	exit 0;
}
exec split(' ', $wrap), "$build/tools/judge_case", @files
    or die "$build/tools/judge_case: $!\n";
