/* JSON files; see json.h. */
#include "json/json.h"

#include "base/file.h"
#include "base/vec.h"

/* Where a text is wrong is told with the file's name before it. */
static br_code name_file(const char *path, br_code code, br_err *err)
{
  if (code != BR_EPARSE || !err)
    return code;
  br_err inner = *err;
  return br_fail(err, BR_EPARSE, "%s: %s", path, inner.msg);
}

br_code br_json_read(br_frame **out, const char *path, bool lines, br_err *err)
{
  br_str text = {0};
  br_code code = br_file_read(&text, path, err);
  if (code == BR_OK)
    code =
        name_file(path, br_json_parse(out, text.data ? text.data : "", text.len, lines, err), err);
  br_str_clear(&text);
  return code;
}

br_code br_json_write(const char *path, const br_frame *frame, br_json_orient orient, br_err *err)
{
  br_str text = {0};
  br_code code = br_json_format(&text, frame, orient, err);
  if (code == BR_OK)
    code = br_file_write(path, text.data ? text.data : "", text.len, err);
  br_str_clear(&text);
  return code;
}
