/* A line that a user types at a terminal: editing, history, completion. The only user of libedit.
 *
 * Text is UTF-8 whatever the locale says, bytes that are none become U+FFFD. Text that is pasted comes
 * in as one piece, line ends and tabs included, where the terminal marks pastes. While a line is read
 * the signals INT, TSTP, WINCH, TERM and HUP are the editor's: the terminal is never left in its raw
 * mode. One thread, one line at a time; a terminal belongs to one editor. */
#ifndef BR_EDIT_EDIT_H
#define BR_EDIT_EDIT_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Ended by br_edit_free, which leaves the terminal as it was. */
typedef struct br_edit br_edit;

typedef struct br_edit_options {
  int in, out;         /* descriptors, both of terminals; borrowed: duplicates are used */
  bool paste;          /* ask the terminal to mark pastes */
  const char *keys;    /* a file of key bindings in libedit's format (editrc); NULL: none */
  size_t history_size; /* lines that are remembered; 0: 1000 */
} br_edit_options;

typedef struct br_edit_completion { /* zero-initialised: nothing is done */
  size_t remove;                    /* bytes before the cursor that go */
  br_str insert;                    /* what comes there */
  br_str show;                      /* lines shown below; the input is drawn again after them */
} br_edit_completion;

/* What the Tab key does: line is the input so far, cursor a byte offset. out is freed by the caller. */
typedef void (*br_edit_complete)(void *context, const char *line, size_t cursor,
                                 br_edit_completion *out);

typedef enum br_edit_end {
  BR_EDIT_LINE,        /* the user pressed Return */
  BR_EDIT_EOF,         /* Ctrl-D on an empty line, or the terminal is gone */
  BR_EDIT_INTERRUPTED, /* Ctrl-C */
} br_edit_end;

/* BR_ELIB where libedit can't work with the terminal. */
br_code br_edit_open(br_edit **out, const br_edit_options *options, br_err *err) BR_MUST_USE;
void br_edit_free(br_edit *edit); /* NULL is fine */

typedef struct br_edit_question {
  const char *prompt; /* what stands before the line, escape sequences between two bytes \x01 */
  br_edit_complete complete; /* may be NULL */
  void *context;             /* for complete */
} br_edit_question;

/* Reads a line, appended to `line` without its end; it holds line ends inside where text was pasted. */
br_code br_edit_read(br_str *line, br_edit_end *end, br_edit *edit,
                     const br_edit_question *question, br_err *err) BR_MUST_USE;

/* Remembers a line for the arrow keys and the search; it may hold line ends. */
br_code br_edit_remember(br_edit *edit, const char *line, br_err *err) BR_MUST_USE;

/* Bytes that the user typed before the line is read, as if typed then. */
br_code br_edit_feed(br_edit *edit, const void *bytes, size_t n, br_err *err) BR_MUST_USE;

#endif
