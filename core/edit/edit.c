/* See edit.h. libedit's own API, histedit.h: characters come through our own reader (keys.c), so that
 * signals and pastes are ours. libedit works in wide characters of the thread's locale: C.UTF-8 is in
 * force while it runs, and only then. */
#define _GNU_SOURCE
#include "edit/edit.h"

#include "base/vec.h"
#include "edit/keys.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { PASTE_KEY = 0x1E, REMEMBERED = 1000 };

struct br_edit {
  EditLine *el;
  History *history;
  FILE *in, *out;
  locale_t locale;
  br_keys input;
  const br_edit_question *question; /* while a line is read */
  bool paste;
  bool is_interrupted, is_out_of_memory;
};

static br_edit *self(EditLine *el)
{
  void *edit = NULL;
  (void)el_get(el, EL_CLIENTDATA, &edit);
  return edit;
}

static char *prompt_of(EditLine *el)
{
  return (char *)self(el)->question->prompt;
}

/* --- signals ------------------------------------------------------------------------------------ */

/* libedit swaps "\r" and "\n": a "\r\n" that is pasted would be two line ends. */
static void take_terminal(const br_edit *edit)
{
  struct termios mode;
  (void)el_set(edit->el, EL_PREP_TERM, 1);
  if (tcgetattr(edit->input.fd, &mode) != 0)
    return;
  mode.c_iflag &= ~(tcflag_t)(ICRNL | INLCR);
  (void)tcsetattr(edit->input.fd, TCSADRAIN, &mode);
}

/* Stops as the signal would have done, with the terminal as it was; then draws the line again. */
static void stop(br_edit *edit)
{
  (void)el_set(edit->el, EL_PREP_TERM, 0);
  (void)pthread_kill(pthread_self(), SIGSTOP);
  take_terminal(edit);
  el_resize(edit->el);
  (void)fputc('\n', edit->out);
  (void)el_set(edit->el, EL_REFRESH);
}

/* Ends the process by the signal, with the terminal as it was; where it was ignored or handled by
 * somebody, that comes first and reading ends. */
static void end_by(br_edit *edit, int signal)
{
  (void)el_set(edit->el, EL_PREP_TERM, 0);
  br_keys_release();
  (void)pthread_kill(pthread_self(), signal);
  br_keys_trap();
}

/* True if reading ends. */
static bool answer_signal(br_edit *edit, int signal)
{
  switch (signal) {
  case 0:
    return false;
  case SIGWINCH:
    el_resize(edit->el);
    if (edit->paste) /* the terminal knows sequences: the line is drawn over what it made of it */
      (void)fputs("\r\033[K", edit->out);
    (void)el_set(edit->el, EL_REFRESH);
    return false;
  case SIGTSTP:
    stop(edit);
    return false;
  case SIGINT:
    edit->is_interrupted = true;
    return true;
  default:
    end_by(edit, signal);
    return true;
  }
}

/* --- characters --------------------------------------------------------------------------------- */

/* libedit's way to ask for a character: 1, 0 at the end of input, -1 to give up. */
static int next_character(EditLine *el, wchar_t *out)
{
  br_edit *edit = self(el);
  for (;;) {
    int code = br_keys_next(&edit->input);
    if (code == BR_KEYS_SIGNAL && !answer_signal(edit, br_keys_take_signal()))
      continue;
    if (code == BR_KEYS_NOMEM)
      edit->is_out_of_memory = true;
    if (code == BR_KEYS_EOF)
      return 0;
    if (code == BR_KEYS_SIGNAL || code == BR_KEYS_NOMEM)
      return -1;
    *out = code == BR_KEYS_PASTE ? PASTE_KEY : (wchar_t)code;
    return 1;
  }
}

static unsigned char insert_paste(EditLine *el, int key)
{
  br_edit *edit = self(el);
  (void)key;
  bool done = edit->input.pasted.len == 0 || el_insertstr(el, edit->input.pasted.data) == 0;
  edit->input.pasted.len = 0;
  return done ? CC_REFRESH : CC_ERROR;
}

/* --- completion --------------------------------------------------------------------------------- */

/* libedit deletes by characters, not bytes. */
static int characters(const char *s, size_t n)
{
  int count = 0;
  for (size_t i = 0; i < n; i++)
    count += ((unsigned char)s[i] & 0xC0) != 0x80;
  return count;
}

static unsigned char apply(br_edit *edit, const br_edit_completion *done, const char *cursor)
{
  bool changes = done->remove > 0 || done->insert.len > 0;
  if (done->remove > 0)
    el_deletestr(edit->el, characters(cursor - done->remove, done->remove));
  if (done->insert.len > 0 && el_insertstr(edit->el, done->insert.data) != 0)
    return CC_ERROR;
  if (done->show.len == 0)
    return changes ? CC_REFRESH : CC_REFRESH_BEEP;
  (void)fprintf(edit->out, "\n%s\n", done->show.data);
  return CC_REDISPLAY;
}

static unsigned char complete(EditLine *el, int key)
{
  br_edit *edit = self(el);
  const LineInfo *line = el_line(el);
  br_edit_completion done = {0};
  br_str text = {0};
  size_t cursor = (size_t)(line->cursor - line->buffer);
  (void)key;
  if (!edit->question->complete)
    return CC_NORM;
  unsigned char result = CC_ERROR;
  if (br_str_add(&text, line->buffer, (size_t)(line->lastchar - line->buffer), NULL) == BR_OK &&
      br_str_addz(&text, "", NULL) == BR_OK) {
    edit->question->complete(edit->question->context, text.data, cursor, &done);
    if (done.remove > cursor)
      done.remove = cursor;
    result = apply(edit, &done, text.data + cursor);
  }
  br_str_clear(&text);
  br_str_clear(&done.insert);
  br_str_clear(&done.show);
  return result;
}

/* --- opening ------------------------------------------------------------------------------------ */

static FILE *open_duplicate(int fd, const char *mode)
{
  int copy = dup(fd);
  FILE *file = copy < 0 ? NULL : fdopen(copy, mode);
  if (!file && copy >= 0)
    (void)close(copy);
  return file;
}

/* What terminals send for keys that libedit's own tables leave out. */
static void bind_common_keys(EditLine *el)
{
  static const char *const keys[][2] = {
      {"^R", "em-inc-search-prev"},        {"\033[3~", "ed-delete-next-char"},
      {"\033[H", "ed-move-to-beg"},        {"\033[F", "ed-move-to-end"},
      {"\033[1~", "ed-move-to-beg"},       {"\033[4~", "ed-move-to-end"},
      {"\033OH", "ed-move-to-beg"},        {"\033OF", "ed-move-to-end"},
      {"\033[1;5C", "em-next-word"},       {"\033[1;5D", "ed-prev-word"},
      {"\033\177", "ed-delete-prev-word"}, {"^W", "ed-delete-prev-word"},
  };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    (void)el_set(el, EL_BIND, keys[i][0], keys[i][1], NULL);
}

static void bind_own_keys(EditLine *el)
{
  static const char paste_key[] = {PASTE_KEY, '\0'};
  (void)el_set(el, EL_ADDFN, "benchrun-complete", "complete the word", complete);
  (void)el_set(el, EL_ADDFN, "benchrun-paste", "insert what was pasted", insert_paste);
  (void)el_set(el, EL_BIND, "\t", "benchrun-complete", NULL);
  (void)el_set(el, EL_BIND, paste_key, "benchrun-paste", NULL);
}

static void set_up(br_edit *edit, const br_edit_options *options)
{
  HistEvent event;
  int size = options->history_size ? (int)options->history_size : REMEMBERED;
  (void)el_set(edit->el, EL_CLIENTDATA, edit);
  (void)el_set(edit->el, EL_EDITOR, "emacs");
  (void)el_set(edit->el, EL_SIGNAL, 0);
  (void)el_set(edit->el, EL_PROMPT_ESC, prompt_of, '\1');
  (void)el_set(edit->el, EL_GETCFN, next_character);
  (void)history(edit->history, &event, H_SETSIZE, size);
  (void)history(edit->history, &event, H_SETUNIQUE, 1);
  (void)el_set(edit->el, EL_HIST, history, edit->history);
  bind_common_keys(edit->el);
  if (options->keys)
    (void)el_source(edit->el, options->keys);
  bind_own_keys(edit->el);
}

static br_code start(br_edit *edit, const br_edit_options *options, br_err *err)
{
  if (!isatty(options->in) || !isatty(options->out))
    return br_fail(err, BR_EINVAL, "lines are edited at a terminal only");
  edit->in = open_duplicate(options->in, "r");
  edit->out = open_duplicate(options->out, "w");
  edit->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  edit->history = history_init();
  if (!edit->in || !edit->out || !edit->locale || !edit->history)
    return br_fail_sys(err, errno, "can't edit lines at the terminal");
  locale_t before = uselocale(edit->locale);
  edit->el = el_init_fd("benchrun", edit->in, edit->out, edit->out, options->in, options->out,
                        options->out);
  if (edit->el)
    set_up(edit, options);
  (void)uselocale(before);
  return edit->el ? BR_OK : br_fail(err, BR_ELIB, "libedit can't edit lines at this terminal");
}

br_code br_edit_open(br_edit **out, const br_edit_options *options, br_err *err)
{
  br_edit *edit = br_calloc(1, sizeof *edit);
  if (!edit)
    return br_fail_nomem(err);
  edit->input.fd = options->in;
  edit->paste = options->paste;
  br_code code = start(edit, options, err);
  if (code == BR_OK)
    *out = edit;
  else
    br_edit_free(edit);
  return code;
}

void br_edit_free(br_edit *edit)
{
  if (!edit)
    return;
  if (edit->el)
    el_end(edit->el);
  if (edit->history)
    history_end(edit->history);
  if (edit->in)
    (void)fclose(edit->in);
  if (edit->out)
    (void)fclose(edit->out);
  if (edit->locale)
    freelocale(edit->locale);
  br_keys_clear(&edit->input);
  br_free(edit);
}

/* --- reading ------------------------------------------------------------------------------------ */

static void mark_pastes(const br_edit *edit, bool on)
{
  if (edit->paste)
    (void)fputs(on ? "\033[?2004h" : "\033[?2004l", edit->out);
  (void)fflush(edit->out);
}

static br_code take_line(br_str *line, br_edit_end *end, br_edit *edit, br_err *err)
{
  int n = 0;
  el_resize(edit->el);
  const char *typed = el_gets(edit->el, &n);
  if (edit->is_out_of_memory)
    return br_fail_nomem(err);
  *end = edit->is_interrupted ? BR_EDIT_INTERRUPTED : typed && n > 0 ? BR_EDIT_LINE : BR_EDIT_EOF;
  if (*end != BR_EDIT_LINE) {
    (void)fputs(edit->is_interrupted ? "^C\n" : "\n", edit->out);
    return BR_OK;
  }
  size_t length = strlen(typed);
  while (length > 0 && (typed[length - 1] == '\n' || typed[length - 1] == '\r'))
    length--;
  return br_str_add(line, typed, length, err);
}

br_code br_edit_read(br_str *line, br_edit_end *end, br_edit *edit,
                     const br_edit_question *question, br_err *err)
{
  edit->question = question;
  edit->is_interrupted = edit->is_out_of_memory = false;
  locale_t before = uselocale(edit->locale);
  br_keys_trap();
  take_terminal(edit); /* before anything is seen that users answer to */
  mark_pastes(edit, true);
  br_code code = take_line(line, end, edit, err);
  mark_pastes(edit, false);
  br_keys_release();
  (void)uselocale(before);
  return code;
}

br_code br_edit_remember(br_edit *edit, const char *line, br_err *err)
{
  HistEvent event;
  locale_t before = uselocale(edit->locale);
  int done = history(edit->history, &event, H_ENTER, line);
  (void)uselocale(before);
  return done < 0 ? br_fail_nomem(err) : BR_OK;
}

br_code br_edit_feed(br_edit *edit, const void *bytes, size_t n, br_err *err)
{
  return br_keys_feed(&edit->input, bytes, n, err);
}
