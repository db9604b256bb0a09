/* Reading and atomic replacement of files; see file.h. */
#include "base/file.h"

#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_CHUNK = 1 << 16 };

static size_t size_hint(int fd)
{
  struct stat st;
  return fstat(fd, &st) == 0 && st.st_size > 0 ? (size_t)st.st_size : 0;
}

static br_code read_all(br_str *out, int fd, const char *path, br_err *err)
{
  BR_TRY(br_vec_reserve(&out->data, &out->cap, out->len + size_hint(fd) + 2, err));
  for (;;) {
    size_t room = out->cap - out->len - 1;
    if (room == 0) {
      BR_TRY(br_vec_reserve(&out->data, &out->cap, out->len + READ_CHUNK + 1, err));
      continue;
    }
    ssize_t n = read(fd, out->data + out->len, room);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return br_fail_sys(err, errno, "can't read %s", path);
    out->len += (size_t)n;
    out->data[out->len] = '\0';
    if (n == 0)
      return BR_OK;
  }
}

br_code br_file_read(br_str *out, const char *path, br_err *err)
{
  size_t before = out->len;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return br_fail_sys(err, errno, "can't open %s", path);
  br_code code = read_all(out, fd, path, err);
  (void)close(fd);
  if (code != BR_OK && out->data) {
    out->len = before;
    out->data[before] = '\0';
  }
  return code;
}

static int write_all(int fd, const char *bytes, size_t n)
{
  while (n > 0) {
    ssize_t done = write(fd, bytes, n);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return -1;
    bytes += done;
    n -= (size_t)done;
  }
  return 0;
}

/* What has been synced can't be lost by close. */
static int write_and_close(int fd, const void *bytes, size_t n)
{
  int failed = write_all(fd, bytes, n) != 0 || fsync(fd) != 0;
  int sys = errno;
  (void)close(fd);
  errno = sys;
  return failed ? -1 : 0;
}

/* Something that takes bytes and keeps none: a device or a pipe. */
static bool is_stream(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static br_code write_stream(const char *path, const void *bytes, size_t n, br_err *err)
{
  br_code code = BR_OK;
  int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 || write_all(fd, bytes, n) != 0)
    code = br_fail_sys(err, errno, "can't write %s", path);
  if (fd >= 0)
    (void)close(fd);
  return code;
}

/* Makes a file in path's folder. The name is short, whatever path's is, and always holds a slash. The
 * kernel applies the umask: mkstemp would give 0600, and the umask can't be asked for without being
 * changed. A name may be taken by a run that was killed. */
static br_code open_temporary(int *fd, br_str *name, const char *path, br_err *err)
{
  enum { TRIES = 1000 };
  const char *slash = strrchr(path, '/');
  const char *folder = slash ? path : "./";
  int folder_len = slash ? (int)(slash - path) + 1 : 2;
  for (int i = 0; i < TRIES; i++) {
    name->len = 0;
    BR_TRY(
        br_str_addf(name, err, "%.*s.benchrun.%ld.%d.tmp", folder_len, folder, (long)getpid(), i));
    *fd = open(name->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (*fd >= 0)
      return BR_OK;
    if (errno != EEXIST)
      break;
  }
  return br_fail_sys(err, errno, "can't write %s", path);
}

static br_code replace(const char *path, const void *bytes, size_t n, br_str *temporary,
                       br_err *err)
{
  int fd;
  BR_TRY(open_temporary(&fd, temporary, path, err));
  if (write_and_close(fd, bytes, n) != 0 || rename(temporary->data, path) != 0) {
    br_code code = br_fail_sys(err, errno, "can't write %s", path);
    (void)unlink(temporary->data);
    return code;
  }
  return BR_OK;
}

br_code br_file_write(const char *path, const void *bytes, size_t n, br_err *err)
{
  if (is_stream(path))
    return write_stream(path, bytes, n, err);
  br_str temporary = {0};
  br_code code = replace(path, bytes, n, &temporary, err);
  br_str_clear(&temporary);
  return code;
}
