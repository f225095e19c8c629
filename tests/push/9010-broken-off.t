#!/bin/sh
# Hooks that are killed or that the system fails, in the middle: a sample of
# what `make faults` goes through.
. "${0%/*}/../faults/lib.sh"
faulty_server
sweep mixed pre-receive kill write 2
sweep mixed post-receive kill write 6
sweep hand-in post-receive kill write 4
sweep two update kill write 2
sweep two update both open 2
sweep rewind update ENOSPC write 2
sweep delete post-receive ENOSPC+ write 2
sweep back post-receive EIO write 2
sweep promote pre-receive ENOMEM alloc 4
sweep merge pre-receive EAGAIN fork 1
sweep beside pre-receive EMFILE open 2
sweep tag pre-receive orphan open 1
sweep skip pre-receive EMFILE open 3
sweep gateless pre-receive EIO read 3
sweep stray pre-receive EIO look 3
finish_sweeps
