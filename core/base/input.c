/* Files, pipes, memory and compressed bytes as one stream; see input.h. The only user of zlib and
 * libzstd.
 *
 * What can't be read twice (a pipe, a device) is kept as it came, before it is unpacked: `bytes` then
 * points to it. */
#include "base/input.h"

#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { PACKED = 1 << 16, MAGIC = 4 };

typedef enum codec_kind { GZIP, ZSTANDARD } codec_kind;

struct br_input_codec {
  codec_kind kind;
  bool between; /* nothing of a member has been read, or one has just ended */
  bool any;     /* there has been one */
  size_t n, at; /* of packed */
  bool at_end;  /* there are no more packed bytes */
  z_stream gz;
  ZSTD_DStream *zst;
  unsigned char packed[PACKED];
};

static void *gz_alloc(void *unused, unsigned count, unsigned size)
{
  (void)unused;
  return br_calloc(count, size);
}

static void gz_free(void *unused, void *p)
{
  (void)unused;
  br_free(p);
}

static void codec_free(struct br_input_codec *codec)
{
  if (!codec)
    return;
  if (codec->kind == GZIP)
    (void)inflateEnd(&codec->gz);
  else
    (void)ZSTD_freeDStream(codec->zst);
  br_free(codec);
}

static br_code codec_new(struct br_input_codec **out, codec_kind kind, br_err *err)
{
  struct br_input_codec *codec = br_calloc(1, sizeof *codec);
  if (!codec)
    return br_fail_nomem(err);
  codec->kind = kind;
  codec->between = true;
  codec->gz.zalloc = gz_alloc;
  codec->gz.zfree = gz_free;
  bool ok = false;
  if (kind == GZIP)
    ok = inflateInit2(&codec->gz, MAX_WBITS + 16) == Z_OK;
  else
    ok = (codec->zst = ZSTD_createDStream()) != NULL;
  if (!ok) {
    codec_free(codec);
    return br_fail_nomem(err);
  }
  *out = codec;
  return BR_OK;
}

static bool codec_of(const unsigned char *magic, size_t n, codec_kind *kind)
{
  static const unsigned char gzip[] = {0x1f, 0x8b, 8};
  static const unsigned char zstandard[] = {0x28, 0xb5, 0x2f, 0xfd};
  *kind = n >= 3 && memcmp(magic, gzip, 3) == 0 ? GZIP : ZSTANDARD;
  return *kind == GZIP || (n >= 4 && memcmp(magic, zstandard, 4) == 0);
}

/* --- the bytes as they are stored --- */

static br_code read_fd(br_input *in, void *to, size_t room, size_t *got, br_err *err)
{
  for (*got = 0; *got < room;) {
    ssize_t n = read(in->fd, (char *)to + *got, room - *got);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return br_fail_sys(err, errno, "can't read %s", in->path);
    if (n == 0)
      break;
    *got += (size_t)n;
  }
  in->taken += *got;
  return BR_OK;
}

static br_code read_regular(br_input *in, void *to, size_t room, size_t *got, br_err *err)
{
  uint64_t left = in->stamp.size - in->taken;
  size_t want = room < left ? room : (size_t)left;
  BR_TRY(read_fd(in, to, want, got, err));
  if (*got < want)
    return br_fail(err, BR_EIO, "%s: it was truncated while being read", in->path);
  return BR_OK;
}

static br_code read_kept(br_input *in, void *to, size_t room, size_t *got, br_err *err)
{
  size_t ready = in->nbytes - in->at;
  if (ready < room && in->fd >= 0) {
    size_t more = 0;
    BR_TRY(br_vec_reserve(&in->kept, &in->kept_cap, in->nbytes + room - ready, err));
    in->bytes = in->kept;
    BR_TRY(read_fd(in, in->kept + in->nbytes, room - ready, &more, err));
    in->nbytes += more;
    ready += more;
  }
  *got = ready < room ? ready : room;
  if (*got)
    memcpy(to, in->bytes + in->at, *got);
  in->at += *got;
  return BR_OK;
}

static br_code read_stored(br_input *in, void *to, size_t room, size_t *got, br_err *err)
{
  return in->regular ? read_regular(in, to, room, got, err) : read_kept(in, to, room, got, err);
}

/* --- unpacking --- */

static br_code refill(br_input *in, br_err *err)
{
  struct br_input_codec *codec = in->codec;
  if (codec->at < codec->n || codec->at_end)
    return BR_OK;
  codec->at = 0;
  BR_TRY(read_stored(in, codec->packed, PACKED, &codec->n, err));
  codec->at_end = codec->n < PACKED;
  return BR_OK;
}

static br_code fail_damaged(const br_input *in, br_err *err)
{
  return br_fail(err, BR_EPARSE, "%s: the compressed data is damaged or cut short", in->path);
}

/* Zeros behind the last member fill up a block of a tape or disk, as gzip(1) takes them. True where there
 * is nothing else. */
static bool is_padding(struct br_input_codec *codec)
{
  size_t at = codec->at;
  while (at < codec->n && codec->packed[at] == 0)
    at++;
  if (at == codec->n)
    codec->at = at;
  return at == codec->n;
}

/* One step; *made bytes came of it. */
static br_code step_gzip(br_input *in, unsigned char *to, size_t room, size_t *made, br_err *err)
{
  struct br_input_codec *codec = in->codec;
  *made = 0;
  if (codec->between && codec->any && is_padding(codec))
    return BR_OK;
  if (codec->between && codec->any && inflateReset(&codec->gz) != Z_OK)
    return fail_damaged(in, err);
  codec->gz.next_in = codec->packed + codec->at;
  codec->gz.avail_in = (unsigned)(codec->n - codec->at);
  codec->gz.next_out = to;
  codec->gz.avail_out = room < UINT32_MAX ? (unsigned)room : UINT32_MAX;
  unsigned before = codec->gz.avail_out;
  int result = inflate(&codec->gz, Z_NO_FLUSH);
  codec->at = codec->n - codec->gz.avail_in;
  *made = before - codec->gz.avail_out;
  codec->any = true;
  codec->between = result == Z_STREAM_END;
  if (result == Z_MEM_ERROR)
    return br_fail_nomem(err);
  return result == Z_OK || result == Z_STREAM_END ? BR_OK : fail_damaged(in, err);
}

static br_code step_zstandard(br_input *in, unsigned char *to, size_t room, size_t *made,
                              br_err *err)
{
  struct br_input_codec *codec = in->codec;
  ZSTD_inBuffer from = {codec->packed, codec->n, codec->at};
  ZSTD_outBuffer out = {to, room, 0};
  size_t result = ZSTD_decompressStream(codec->zst, &out, &from);
  codec->at = from.pos;
  *made = out.pos;
  codec->between = result == 0;
  return ZSTD_isError(result) ? fail_damaged(in, err) : BR_OK;
}

static br_code step(br_input *in, unsigned char *to, size_t room, size_t *made, br_err *err)
{
  if (in->codec->kind == GZIP)
    return step_gzip(in, to, room, made, err);
  return step_zstandard(in, to, room, made, err);
}

/* Ends where the packed bytes do, between two members. Output that a full buffer held back comes
 * without more input. */
static br_code unpack(br_input *in, unsigned char *to, size_t room, size_t *got, br_err *err)
{
  const struct br_input_codec *codec = in->codec;
  for (*got = 0; *got < room;) {
    size_t made = 0;
    BR_TRY(refill(in, err));
    bool is_dry = codec->at == codec->n && codec->at_end;
    if (is_dry && codec->between)
      return BR_OK;
    BR_TRY(step(in, to + *got, room - *got, &made, err));
    if (is_dry && made == 0 && !codec->between)
      return fail_damaged(in, err);
    *got += made;
  }
  return BR_OK;
}

/* Looks at the first bytes; what has been read of a compressed input goes to its codec. */
static br_code begin(br_input *in, unsigned char *to, size_t room, size_t *got, br_err *err)
{
  unsigned char magic[MAGIC];
  codec_kind kind;
  in->begun = true;
  BR_TRY(read_stored(in, magic, MAGIC < room ? MAGIC : room, got, err));
  if (!codec_of(magic, *got, &kind)) {
    memcpy(to, magic, *got);
    return BR_OK;
  }
  BR_TRY(codec_new(&in->codec, kind, err));
  memcpy(in->codec->packed, magic, *got);
  in->codec->n = *got;
  *got = 0;
  return BR_OK;
}

/* A plain file takes one system call: what the first bytes are is seen where they lie. */
static br_code begin_regular(br_input *in, unsigned char *to, size_t room, size_t *got, br_err *err)
{
  codec_kind kind;
  BR_TRY(read_regular(in, to, room, got, err));
  in->begun = true;
  if (!codec_of(to, *got, &kind))
    return BR_OK;
  BR_TRY(codec_new(&in->codec, kind, err));
  in->taken = 0;
  *got = 0;
  return lseek(in->fd, 0, SEEK_SET) == 0 ? BR_OK
                                         : br_fail_sys(err, errno, "can't read %s", in->path);
}

br_code br_input_read(br_input *in, void *to, size_t room, size_t *got, br_err *err)
{
  size_t first = 0;
  *got = 0;
  if (!in->begun && room >= MAGIC) {
    BR_TRY((in->regular ? begin_regular : begin)(in, to, room, &first, err));
    if (in->regular && !in->codec) {
      *got = first;
      return BR_OK;
    }
  }
  unsigned char *rest = (unsigned char *)to + first;
  if (in->codec)
    BR_TRY(unpack(in, rest, room - first, got, err));
  else
    BR_TRY(read_stored(in, rest, room - first, got, err));
  *got += first;
  return BR_OK;
}

/* --- life --- */

static br_code look(br_input *in, br_input_stamp *stamp, br_err *err)
{
  struct stat st;
  if (fstat(in->fd, &st) != 0)
    return br_fail_sys(err, errno, "can't read %s", in->path);
  if (S_ISDIR(st.st_mode))
    return br_fail_sys(err, EISDIR, "can't read %s", in->path);
  /* A file of size 0 may be one of the kernel's, which says its size for none. */
  in->regular = S_ISREG(st.st_mode) && st.st_size > 0;
  *stamp = (br_input_stamp){(uint64_t)st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
  return BR_OK;
}

br_code br_input_open(br_input *in, const char *path, br_err *err)
{
  bool is_standard = strcmp(path, "-") == 0;
  *in = (br_input){.path = is_standard ? "standard input" : path, .fd = -1};
  in->fd = is_standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC);
  if (in->fd < 0)
    return br_fail_sys(err, errno, "can't open %s", in->path);
  br_code code = look(in, &in->stamp, err);
  /* Standard input may stand anywhere in its file. */
  in->regular = in->regular && !is_standard;
  if (code != BR_OK)
    br_input_close(in);
  return code;
}

void br_input_of_bytes(br_input *in, const void *bytes, size_t n)
{
  *in = (br_input){.fd = -1, .begun = true, .bytes = bytes, .nbytes = n};
}

br_code br_input_rewind(br_input *in, br_err *err)
{
  br_input_stamp now;
  codec_free(in->codec);
  in->codec = NULL;
  in->at = 0;
  if (in->fd >= 0)
    in->begun = false;
  if (!in->regular)
    return BR_OK;
  in->taken = 0;
  BR_TRY(look(in, &now, err));
  if (memcmp(&now, &in->stamp, sizeof now) != 0)
    return br_fail(err, BR_EIO, "%s: it changed while being read", in->path);
  if (lseek(in->fd, 0, SEEK_SET) != 0)
    return br_fail_sys(err, errno, "can't read %s", in->path);
  return BR_OK;
}

uint64_t br_input_size(const br_input *in)
{
  if (in->codec)
    return 0;
  if (in->regular)
    return in->stamp.size;
  return in->fd < 0 ? in->nbytes : 0;
}

void br_input_close(br_input *in)
{
  codec_free(in->codec);
  br_free(in->kept);
  if (in->path && in->fd >= 0)
    (void)close(in->fd);
  *in = (br_input){.fd = -1};
}
