/* See record.h. The lock is on the file itself; who shortens it puts a new file in its place, so who
 * waited for the lock looks whether the name still is of the file that it holds. */
#define _GNU_SOURCE
#include "edit/record.h"

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_record(const char *path)
{
  struct stat st;
  int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
  if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
    return fd;
  if (fd >= 0) {
    (void)close(fd);
    errno = EEXIST;
  }
  return -1;
}

static bool is_current(int fd, const char *path)
{
  struct stat held, named;
  return fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_dev == named.st_dev &&
         held.st_ino == named.st_ino;
}

static int open_locked(const char *path)
{
  for (;;) {
    int fd = open_record(path);
    if (fd < 0)
      return -1;
    while (flock(fd, LOCK_EX) != 0)
      if (errno != EINTR) {
        (void)close(fd);
        return -1;
      }
    if (is_current(fd, path))
      return fd;
    (void)close(fd);
  }
}

static int write_all(int fd, const char *bytes, size_t n)
{
  while (n > 0) {
    ssize_t done = write(fd, bytes, n);
    if (done < 0 && errno != EINTR)
      return -1;
    bytes += done < 0 ? 0 : done;
    n -= done < 0 ? 0 : (size_t)done;
  }
  return 0;
}

static br_code replace(const char *path, const char *bytes, size_t n, br_err *err)
{
  br_str name = {0};
  BR_TRY(br_str_addf(&name, err, "%s.XXXXXX", path));
  int fd = mkostemp(name.data, O_CLOEXEC);
  bool made = fd >= 0 && write_all(fd, bytes, n) == 0;
  bool done = made && rename(name.data, path) == 0;
  br_code code = done ? BR_OK : br_fail_sys(err, errno, "can't write %s", path);
  if (fd >= 0)
    (void)close(fd);
  if (fd >= 0 && !done)
    (void)unlink(name.data);
  br_str_clear(&name);
  return code;
}

static br_code shorten(const char *path, br_err *err)
{
  br_str bytes = {0};
  br_code code = br_file_read(&bytes, path, err);
  const char *half = code == BR_OK ? memchr(bytes.data + bytes.len / 2, '\n', bytes.len / 2) : NULL;
  if (half)
    code = replace(path, half + 1, bytes.len - (size_t)(half + 1 - bytes.data), err);
  br_str_clear(&bytes);
  return code;
}

br_code br_record_add(const char *path, const void *bytes, size_t n, size_t most, br_err *err)
{
  struct stat st;
  int fd = open_locked(path);
  if (fd < 0)
    return br_fail_sys(err, errno, "can't write %s", path);
  br_code code =
      write_all(fd, bytes, n) == 0 ? BR_OK : br_fail_sys(err, errno, "can't write %s", path);
  if (code == BR_OK && fstat(fd, &st) == 0 && (size_t)st.st_size > most)
    code = shorten(path, err);
  (void)close(fd);
  return code;
}
