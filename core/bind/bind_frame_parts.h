/* Private to the frame binding: what its files share. */
#ifndef BR_BIND_BIND_FRAME_PARTS_H
#define BR_BIND_BIND_FRAME_PARTS_H

#include "bind/bind_frame.h"

/* Ends a function that made a frame or column: stores it in the box on top of the stack and returns
 * it, or nil, message, code. made is NULL where code is not BR_OK. */
int br_bind_give(lua_State *L, void **box, void *made, br_code code, const br_err *err);

/* Pushes a box that shares the column. */
void br_bind_push_column(lua_State *L, br_column *column);

/* Pushes a cell as a Lua value; nil for a null. */
void br_bind_push_cell(lua_State *L, const br_column *column, size_t row);

/* Pushes the column that the table at t describes: type, values (an array, nil is null; or a column
 * box) and n (default: #values). Raises, with `name` in the message where it is not NULL. */
br_column *br_bind_build_column(lua_State *L, int t, const char *name);

/* The row number at arg, counted from 0; raises unless it is one of 1 … nrow. */
size_t br_bind_check_row(lua_State *L, int arg, size_t nrow);

/* Pushes an array of all cells, nil where null, with their number as field n. */
void br_bind_push_array(lua_State *L, const br_column *column);

/* Pushes a field of the table at index t, without metamethods, so that no foreign code runs (it
 * might close a box that has been checked). Returns its type. */
int br_bind_raw_field(lua_State *L, int t, const char *name);

/* Methods of a frame that stand in bind_query.c. */
int br_bind_frame_filter(lua_State *L);
int br_bind_frame_mask(lua_State *L);
int br_bind_frame_sort(lua_State *L);
int br_bind_frame_join(lua_State *L);
int br_bind_frame_group_by(lua_State *L);
int br_bind_frame_group_ids(lua_State *L);
int br_bind_frame_group_head(lua_State *L);
int br_bind_frame_pivot(lua_State *L);

/* Methods of a frame that stand in bind_reshape.c. */
int br_bind_frame_melt(lua_State *L);
int br_bind_frame_sample(lua_State *L);

/* Methods of a frame that stand in bind_expr.c. */
int br_bind_frame_eval(lua_State *L);
int br_bind_frame_where(lua_State *L);

#endif
