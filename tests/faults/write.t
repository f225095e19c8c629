#!/bin/sh
# A disk that is full or broken, for one call or from then on.
. "${0%/*}/lib.sh"
faulty_server
sweep_all ENOSPC write
sweep_all ENOSPC+ write
sweep_all EIO write
sweep_all short write
finish_sweeps
