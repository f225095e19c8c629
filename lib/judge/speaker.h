#ifndef JUDGE_SPEAKER_H
#define JUDGE_SPEAKER_H

#include "judge/judging.h"
#include "judge/statement.h"

/*
 * Who speaks in a statement that is handed in, and may they?
 *
 * Unsigned, it is the pusher.  Signed, it is the person whose key it is, and
 * the pusher must be the same person, unless the pusher is a robot: that may
 * relay what anybody has signed.  Only who speaks must be in the gate's `by`.
 *
 * A gate with `signed: true` takes signed statements alone, and only those
 * that name this repository.
 */
struct speaker {
	const char *person; /* NULL: nobody, and a finding says why */
	const char *key;    /* fingerprint of the key that signed; NULL: none */
};

/* gate: NULL where the statement names none that there is.  Adds findings:
 * push.identity, evidence.signature, .unsigned, .signer, .key-validity,
 * .repository, .not-allowed. */
int speaker_judge(const struct judging *j, struct ref_verdict *ref,
    const struct statement *statement, const char *bytes, size_t len,
    const struct gate *gate, struct speaker *ret, struct err *err);

#endif
