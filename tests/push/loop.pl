#!/usr/bin/perl
# What 3050-loop.t looks at: several people who push what chance says, and what
# must hold when they are done.
#
#	loop.pl push DIR SERVER WHO PUSHES SEED
#			one of them, in a clone that borrows the server's
#			objects; writes down in DIR what it was told
#	loop.pl judge DIR SERVER PROGRAM
#			TAP's lines without numbers
#
# Nobody waits for anybody, so that the same seed makes the same choices, but
# not the same races.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use IPC::Open2;

my $zero = '0' x 40;
my $ledger = 'refs/notes/stagegate';
my ($dir, $server, $who);
my @everyone = map { "p$_" } 1 .. 4;
my @clients = map { "refs/heads/clients/$_" } qw(acme globex);
my @releases = map { "refs/heads/release/$_" } qw(a b);
my ($integration, $main) = map { "refs/heads/$_" } qw(integration main);
my %from_stage = ($integration => 'development', $main => 'integration',
	(map { $_ => 'integration' } @releases), (map { $_ => 'deployment' } @clients));

sub pick { return $_[int rand @_] }
sub chance { return rand() < $_[0] }
# The newer ones rather than the older ones.
sub pick_late { return @_ ? $_[$#_ - int(rand(@_ < 12 ? @_ : 12) * rand)] : undef }

# --- git ---------------------------------------------------------------------

sub lines_of {
	open my $pipe, '-|', @_ or die "can't run $_[0]: $!";
	my @lines = <$pipe>;
	close $pipe;
	chomp @lines;
	return @lines;
}

sub git { return join "\n", lines_of('git', @_) }
sub on_server { return lines_of('git', "--git-dir=$server", @_) }

sub filter { # filter INPUT, ARGS..: what git makes of it
	my ($input, @args) = @_;
	my $pid = open2(my $out, my $in, 'git', @args);
	print $in $input;
	close $in;
	local $/;
	my $text = <$out>;
	waitpid $pid, 0;
	$text =~ s/\n\z//;
	return $text;
}

sub tree_of { return git('rev-parse', "$_[0]^{tree}") }

sub contains { # contains LATER, EARLIER
	return system('git', 'merge-base', '--is-ancestor', $_[1], $_[0]) == 0;
}

sub commit_tree {
	my ($tree, $message, @parents) = @_;
	return git('commit-tree', $tree, '-m', $message, map { ('-p', $_) } @parents);
}

# --- what everybody can see --------------------------------------------------

my (%ref, %tips, %passed, %said, %open, %restored);
my $seen = '';

sub read_incident {
	my ($number) = @_;
	my %incident = map { /^(\w+): "?([^"]*)"?$/ ? ($1, $2) : () }
	    on_server('cat-file', 'blob', "$ledger:incidents/$number");
	return \%incident;
}

sub learn {
	my ($line) = @_;
	if (my ($new, $ref, $stage) = $line =~ /^Update: \w+ (\w+) (\S+) (\S+)/) {
		return if $new eq $zero || $ref =~ m{^refs/evidence/};
		push @{ $tips{$ref} }, $new;
		push @{ $passed{$stage} }, $new;
	} elsif (my ($gate, $commit) = $line =~ /^Evidence: \w+ (\S+) (\w+) \S+ pass/) {
		$said{$gate}{$commit} = 1;
	} elsif (my ($number, $how) = $line =~ /^Incident: (\d+) (\w+)/) {
		if ($how eq 'closed') {
			delete $open{$number};
			return;
		}
		my $incident = read_incident($number);
		$open{$number} = $incident;
		$restored{ $incident->{commit} } = $incident->{restored}
		    if ($incident->{style} // '') eq 'revert';
	}
}

sub look {
	%ref = map { reverse split / /, $_, 2 }
	    on_server('for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/tags');
	my ($tip) = on_server('rev-parse', $ledger);
	return if $tip eq $seen;
	learn($_) for on_server('log', '--reverse', '--format=%B', $seen ? "$seen..$tip" : $tip);
	$seen = $tip;
}

sub refs_like { my ($what) = @_; return grep { /^$what/ } sort keys %ref }

# --- pushes ------------------------------------------------------------------

my ($log, $pushes) = (undef, 0);
# What git says by itself to one who was too slow, before or after our hooks.
my $raced = qr/failed to update ref|cannot lock ref|fetch first|non-fast-forward|stale info|already exists|remote ref deletion/;

# push_out KIND, {as =>, options => [..], must => 'refuse', digest => {ref => ..}}, SPECS..
sub push_out {
	my ($kind, $how, @specs) = @_;
	my $as = $how->{as} // $who;
	local $ENV{REMOTE_USER} = $as;
	my @told = lines_of('sh', '-c', 'exec "$@" 2>&1', 'sh', 'git', 'push', '--porcelain',
		(map { ('-o', $_) } @{ $how->{options} // [] }), @{ $how->{args} // [] }, $server, @specs);
	my $status = $? >> 8;
	my $text = join "\n", @told;
	my ($code) = $text =~ /refused \[([\w.-]+)\]/;
	$code //= $text =~ /could not decide|policy is broken|internal/ ? 'internal' : '-';
	$pushes++;
	for my $line (@told) {
		my ($flag, $name, $why) = $line =~ /^([-+*=! ])\t[^:]*:(\S+)\t(.*)/ or next;
		my ($spec) = grep { /:\Q$name\E$/ } @specs;
		my ($new) = ($spec // '') =~ /^\+?(\w*):/;
		next if $flag eq '=';
		print $log join("\t", $flag eq '!' ? 'refused' : 'accepted', $kind, $new || $zero, $name,
			$how->{must} // '-', $how->{digest}{$name} // '-', $code, $as, $status, $why), "\n";
		if ($flag ne '!') {
			open my $done, '>', "$dir/done/$kind" or die;
		} elsif ($code eq 'internal' || $code eq '-' && $why !~ $raced) {
			print $log "strange\t$kind\t", join(' / ', @told), "\n";
		}
	}
	print $log "strange\t$kind\t", join(' / ', @told), "\n" if !grep { /^[-+*=! ]\t/ } @told;
	return $status == 0;
}

my $fresh = 0;

# One more commit, of a file that nobody else changes; now and then of one that
# everybody does.
sub new_commit {
	my ($parent) = @_;
	$fresh++;
	my $file = chance(0.1) ? 'everybody' : "$who-" . $fresh % 3;
	my $blob = filter("$who $fresh $$\n", 'hash-object', '-w', '--stdin');
	my @lines = grep { !/\t\Q$file\E$/ } lines_of('git', 'ls-tree', $parent);
	my $tree = filter(join('', map { "$_\n" } @lines, "100644 blob $blob\t$file"), 'mktree');
	return commit_tree($tree, "change $file of $who", $parent);
}

sub statement { # statement GATE, COMMIT, AS: a spec and its digest
	my ($gate, $commit, $as) = @_;
	$fresh++;
	my $tag = "object $commit\ntype commit\ntag evidence/$gate/$commit\n" .
	    "tagger $as <$as\@example.com> 1700000000 +0000\n\n" .
	    "evidence: 1\ngate: $gate\nresult: pass\nrun: \"$who-$fresh-$$\"\n";
	my $oid = filter($tag, 'hash-object', '-t', 'tag', '-w', '--stdin');
	my $ref = "refs/evidence/$gate/$commit/$who-$fresh-$$";
	return ("$oid:$ref", { $ref => substr(sha256_hex($tag), 0, 40) });
}

sub attest {
	my ($kind, $gate, $commit, $as) = @_;
	my ($spec, $digest) = statement($gate, $commit, $as);
	return push_out($kind, { as => $as, digest => $digest }, $spec);
}

# --- entering ----------------------------------------------------------------

# The tree by which a candidate enters: after a revert commit the tip that it
# restored stands in for it.
sub merged_tree {
	my ($tip, $candidate) = @_;
	my $base = $tip;
	$base = $restored{$base} while $restored{$base} && !contains($candidate, $base);
	return tree_of($candidate) if contains($candidate, $base);
	my @told = lines_of('sh', '-c', 'exec git merge-tree --write-tree "$@" 2>/dev/null', 'sh', $base, $candidate);
	return $? == 0 ? $told[0] : undef;
}

sub candidate_for {
	my ($ref) = @_;
	return pick_late(@{ $passed{ $from_stage{$ref} } // [] });
}

sub enter { # enter KIND, REF, HOW: as it should be done
	my ($kind, $ref, $how, @gates) = @_;
	my $candidate = candidate_for($ref) // return;
	my $tip = $ref{$ref};
	my @specs;
	for my $gate (grep { !$said{$_}{$candidate} } @gates) {
		my ($spec, $digest) = statement($gate, $candidate, $who);
		push @specs, $spec;
		$how->{digest} = { %{ $how->{digest} // {} }, %$digest };
	}
	if (!$tip || contains($candidate, $tip) && chance(0.5)) {
		return push_out($kind, $how, @specs, "+$candidate:$ref");
	}
	return if contains($tip, $candidate);
	my $tree = merged_tree($tip, $candidate) // return;
	my $merge = commit_tree($tree, 'bring it in', $tip, $candidate);
	return push_out($kind, $how, @specs, "+$merge:$ref");
}

sub enter_by_squash {
	my $candidate = candidate_for($integration) // return;
	my $tip = $ref{$integration} // return;
	return if contains($tip, $candidate);
	my $tree = merged_tree($tip, $candidate) // return;
	my $squash = commit_tree($tree, "bring it in\n\nPromotes: $candidate", $tip);
	my ($spec, $digest) = statement('tests', $candidate, $who);
	return push_out('squash', { digest => $digest }, $spec, "+$squash:$integration");
}

# On a tip that it was, or with a tree that it should not have.
sub enter_wrongly {
	my $ref = pick($integration, $main, @clients);
	my $candidate = candidate_for($ref) // return;
	my $tip = $ref{$ref} // return;
	if (chance(0.5)) {
		$tip = pick(@{ $tips{$ref} // [$tip] });
		return if $tip eq $candidate;
		my $tree = merged_tree($tip, $candidate) // return;
		my $merge = commit_tree($tree, 'on an old tip', $tip, $candidate);
		return push_out('stale', {}, "+$merge:$ref");
	}
	my $tree = merged_tree($tip, $candidate) // return;
	return if $tree eq tree_of($tip);
	my $merge = commit_tree(tree_of($tip), 'ours', $tip, $candidate);
	return push_out('wrong-tree', { must => 'refuse' }, "+$merge:$ref");
}

sub skip_stages {
	my $ref = pick($integration, $main, @releases, @clients);
	my $commit = new_commit($ref{$ref} // pick(values %ref));
	return push_out('skip', { must => 'refuse' }, "+$commit:$ref");
}

# --- features ----------------------------------------------------------------

sub some_base { return $ref{ pick(grep { $ref{$_} } $integration, $main, refs_like('refs/heads/feature/')) } }

sub new_feature {
	my $commit = new_commit(some_base());
	$commit = new_commit($commit) if chance(0.3);
	my @specs = ("$commit:refs/heads/feature/$who-" . $fresh);
	push @specs, new_commit($commit) . ":refs/heads/wip/$who-$fresh" if chance(0.2);
	return push_out('feature', { args => chance(0.3) ? ['--atomic'] : [] }, @specs);
}

sub more_of_feature {
	my $ref = pick_late(refs_like('refs/heads/feature/')) // return;
	return push_out('more', {}, new_commit($ref{$ref}) . ":$ref");
}

sub force_feature {
	my $ref = pick_late(refs_like('refs/heads/(feature|wip)/')) // return;
	my $commit = new_commit(some_base());
	$commit = pick_late(@{ $passed{development} }) if chance(0.3);
	return push_out('force', {}, "+$commit:$ref");
}

sub delete_feature {
	my $ref = pick(refs_like('refs/heads/(feature|wip)/')) // return;
	return push_out('delete', {}, ":$ref");
}

sub test_feature {
	my $commit = pick_late(@{ $passed{development} });
	return attest('tests', 'tests', $commit, pick(@everyone));
}

# --- other refs and tags -----------------------------------------------------

sub delete_release {
	my $ref = pick(refs_like('refs/heads/release/'), grep { $ref{$_} } @clients) // return;
	return push_out('delete-release', {}, ":$ref");
}

sub tag_release {
	my $commit = $ref{$main} // return;
	return push_out('tag', {}, "$commit:refs/tags/v$who-$fresh");
}

sub tag_wrongly {
	my $tag = pick(refs_like('refs/tags/v'));
	my $commit = new_commit(some_base());
	return push_out('tag-wrong', { must => 'refuse' }, "+$commit:refs/tags/v$who-$fresh") if !$tag || chance(0.3);
	return push_out('tag-move', { must => 'refuse' }, "+$commit:$tag") if chance(0.5);
	return push_out('tag-delete', { must => 'refuse' }, ":$tag");
}

sub other_tag {
	my $tag = 'refs/tags/x/' . int rand 6;
	return push_out('other-tag-delete', {}, ":$tag") if $ref{$tag} && chance(0.4);
	return push_out('other-tag', {}, '+' . new_commit(some_base()) . ":$tag");
}

# --- going back --------------------------------------------------------------

sub earlier_tip {
	my ($ref) = @_;
	return pick_late(grep { $_ ne $ref{$ref} } @{ $tips{$ref} });
}

sub rewind {
	my $ref = pick(grep { $ref{$_} } $integration, $main, @releases) // return;
	my $tip = earlier_tip($ref) // return;
	return push_out('rewind', {}, "+$tip:$ref");
}

# What a server does now and then, while people push.
sub clean_up {
	system('git', "--git-dir=$server", @{ pick(['pack-refs', '--all'], ['repack', '-adq'], ['gc', '-q']) });
	return;
}

# --- one of them -------------------------------------------------------------

my %actions = (
	feature => [10, \&new_feature],
	more => [6, \&more_of_feature],
	force => [6, \&force_feature],
	delete => [4, \&delete_feature],
	tests => [6, \&test_feature],
	integrate => [10, sub { enter('integrate', $integration, {}, chance(0.8) ? 'tests' : ()) }],
	squash => [3, \&enter_by_squash],
	deploy => [10, sub { enter('deploy', $main, {}, chance(0.8) ? 'slow' : ()) }],
	release => [5, sub { enter('release', pick(@releases), {}) }],
	client => [6, sub { enter('client', pick(@clients), {}) }],
	stale => [3, \&enter_wrongly],
	skip => [2, \&skip_stages],
	'delete-release' => [3, \&delete_release],
	tag => [2, \&tag_release],
	'tag-wrong' => [2, \&tag_wrongly],
	'other-tag' => [3, \&other_tag],
	rewind => [4, \&rewind],
	clean => [0.5, \&clean_up],
);
# Kinds that must have been accepted at least once.
my @wanted = grep { !/^(stale|skip|tag-wrong|clean)$/ } sort keys %actions;

sub not_done { return grep { !-e "$dir/done/$_" } @wanted }

sub next_action {
	my @left = not_done();
	return pick(@left) if @left && chance(0.3);
	my $sum = 0;
	$sum += $_->[0] for values %actions;
	my $at = rand $sum;
	for my $name (sort keys %actions) {
		$at -= $actions{$name}[0];
		return $name if $at < 0;
	}
	return 'feature';
}

# Where chance was against a kind, a little longer.
sub go_on {
	my ($share) = @_;
	return 1 if $pushes < $share;
	return $pushes < 2 * $share + 100 && not_done();
}

sub be_one_of_them {
	my ($share, $seed) = @_;
	srand($seed * 100 + substr $who, 1);
	open $log, '>>', "$dir/log-$who" or die "can't write $dir/log-$who: $!";
	$log->autoflush(1);
	while (go_on($share)) {
		look();
		$actions{ next_action() }[1]->();
	}
}

# --- what must hold ----------------------------------------------------------

sub show {
	my ($good, $what, @why) = @_;
	print $good ? 'ok' : 'not ok', " - $what\n";
	print "# $_\n" for @why > 10 ? (@why[0 .. 9], scalar(@why) - 10 . ' more') : @why;
}

sub none { my ($what, @bad) = @_; show(!@bad, $what, @bad) }

my (%accepted, %refused, %digests, %count, %codes, @wrong);

sub read_logs {
	for my $name (@everyone) {
		open my $file, '<', "$dir/log-$name" or die "can't read $dir/log-$name: $!";
		while (my $line = <$file>) {
			chomp $line;
			my ($state, $kind, $new, $ref, $must, $digest, $code) = split /\t/, $line;
			if ($state eq 'strange') {
				push @wrong, $line;
				next;
			}
			$count{$kind}{$state}++;
			$codes{$code}++ if $state eq 'refused';
			push @wrong, "accepted: $line" if $must eq 'refuse' && $state eq 'accepted';
			if ($digest ne '-') {
				push @{ $digests{$state} }, $digest;
			} elsif ($state eq 'accepted') {
				$accepted{"$new $ref"}++;
			} else {
				$refused{"$new $ref"}++;
			}
		}
	}
}

my (%recorded, %last, %stages_of, %handed_in, @broken);

sub read_records {
	my ($range, $counts) = @_;
	for (on_server('log', '--reverse', '--format=%B', $range)) {
		if (my ($old, $new, $ref, $stage, $kind, $state) = /^Update: (\w+) (\w+) (\S+) (\S+) (\S+) (\S+)/) {
			next if $ref =~ m{^refs/evidence/};
			push @broken, "$ref: $old to $new, was at " . ($last{$ref} // $zero)
			    if $old ne ($last{$ref} // $zero);
			push @broken, "$ref: $state" if $state ne 'accepted';
			$last{$ref} = $new;
			$recorded{"$new $ref"} += $counts;
			$stages_of{$new}{$stage} = 1 if $new ne $zero;
		} elsif (my ($digest) = /^Evidence: (\w+)/) {
			$handed_in{$digest}++;
		}
	}
}

# What was there before they began was counted by nobody.
sub read_ledger {
	my ($begin) = lines_of('cat', "$dir/begin");
	read_records($begin, 0);
	read_records("$begin..$ledger", 1);
}

sub reachable {
	my ($when) = @_;
	my %all = map { $_ => 1 } on_server('rev-list', '--all');
	my @lost = grep {
		my @stages = grep { $_ ne '-' && $_ ne 'scratch' } keys %{ $stages_of{$_} };
		@stages && !$all{$_}
	} sort keys %stages_of;
	none("every commit that was a tip of a stage is reachable$when", @lost);
	my $n = grep { !$stages_of{$_}{'-'} } keys %stages_of;
	show($n > 5, "of them there are $n$when");
}

sub whole {
	my ($program, $when) = @_;
	reachable($when);
	my @fsck = grep { !/^(notice|dangling)/ }
	    lines_of('sh', '-c', 'git --git-dir="$1" fsck --full --strict 2>&1', 'sh', $server);
	none("git fsck finds nothing$when", @fsck);
	my @verify = lines_of($program, '-C', $server, 'verify');
	show($? == 0, "verify is clean$when", $? == 0 ? () : @verify);
}

sub judge {
	my ($program) = @_;
	read_logs();
	read_ledger();
	none('nobody was told anything strange, or let in who must not be', @wrong);
	none('each kind of push was accepted at least once', grep { !$count{$_}{accepted} } @wanted);
	none('what was accepted is recorded, and as often',
		map { "$_: accepted $accepted{$_} times, recorded " . ($recorded{$_} // 0) }
		grep { $accepted{$_} != ($recorded{$_} // 0) } sort keys %accepted);
	none('what was refused is not recorded',
		grep { $recorded{$_} && !$accepted{$_} } sort keys %refused);
	none('each statement that was taken is recorded once',
		grep { ($handed_in{$_} // 0) != 1 } @{ $digests{accepted} // [] });
	none('no statement that was refused is',
		grep { $handed_in{$_} } @{ $digests{refused} // [] });
	none('the records of each ref are one chain, all accepted', @broken);
	my %now = map { reverse split / /, $_, 2 }
	    on_server('for-each-ref', '--format=%(objectname) %(refname)');
	delete @now{ grep { m{^refs/(notes/stagegate$|stagegate/)} } keys %now };
	none('every ref is where it was recorded', map { "$_: $now{$_}, recorded " . ($last{$_} // 'never') }
		grep { $now{$_} ne ($last{$_} // '') } sort keys %now);
	none('and no other was recorded', grep { $last{$_} ne $zero && !$now{$_} } sort keys %last);
	whole($program, '');
	system('git', "--git-dir=$server", 'gc', '-q', '--prune=now');
	show($? == 0, 'git gc --prune=now');
	whole($program, ', after git gc');
	for my $kind (sort keys %count) {
		printf "# %-18s %5d accepted %5d refused\n", $kind, $count{$kind}{accepted} // 0, $count{$kind}{refused} // 0;
	}
	print '# refused: ', join(', ', map { "$_ $codes{$_}" } sort keys %codes), "\n";
}

my $verb = shift @ARGV // '';
if ($verb eq 'push' && @ARGV == 5) {
	($dir, $server, $who) = @ARGV;
	be_one_of_them(@ARGV[3, 4]);
} elsif ($verb eq 'judge' && @ARGV == 3) {
	($dir, $server) = @ARGV;
	judge($ARGV[2]);
} else {
	die "usage: loop.pl push DIR SERVER WHO PUSHES SEED\n       loop.pl judge DIR SERVER PROGRAM\n";
}
