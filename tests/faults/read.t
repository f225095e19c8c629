#!/bin/sh
# Files that don't read, don't open, or give themselves in small pieces.
. "${0%/*}/lib.sh"
faulty_server
sweep_all EIO read
sweep_all short read
sweep_all EMFILE open
sweep_all EMFILE+ open
sweep_all EIO look
finish_sweeps
