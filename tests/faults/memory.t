#!/bin/sh
# No memory, no process, and signals that come in between.
. "${0%/*}/lib.sh"
faulty_server
sweep_all ENOMEM alloc
sweep_all ENOMEM+ alloc
sweep_all EAGAIN fork
sweep_all EINTR slow
finish_sweeps
