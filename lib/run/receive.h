#ifndef RUN_RECEIVE_H
#define RUN_RECEIVE_H

/* The three hooks, each from its input to its exit code (base/exit.h). */
int run_pre_receive(int input);
int run_update(const char *ref, const char *old, const char *new);
int run_post_receive(int input);

#endif
