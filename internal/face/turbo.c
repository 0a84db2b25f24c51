//go:build turbojpeg

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>
#include "turbo.h"

/* libjpeg ends a fatal error with exit(): jump out of it instead. */
struct failure {
	struct jpeg_error_mgr manager;
	jmp_buf out;
	char *message;
};

static void fail(j_common_ptr c)
{
	struct failure *f = (struct failure *)c->err;
	f->manager.format_message(c, f->message);
	longjmp(f->out, 1);
}

/* A cut or damaged image is only a warning to libjpeg, which paints the rest
 * gray: for us it is the end. Stray bytes before a marker hurt nobody. */
static void warn(j_common_ptr c, int level)
{
	if (level < 0 && c->err->msg_code != JWRN_EXTRANEOUS_DATA)
		fail(c);
}

static void quiet(j_common_ptr c) { (void)c; }

int limen_jpeg_decode(const unsigned char *data, size_t length, unsigned char *out,
                      int width, int height, char *message)
{
	struct jpeg_decompress_struct c;
	struct failure f;

	memset(&c, 0, sizeof c);
	c.err = jpeg_std_error(&f.manager);
	f.manager.error_exit = fail;
	f.manager.emit_message = warn;
	f.manager.output_message = quiet;
	f.message = message;
	if (setjmp(f.out)) {
		jpeg_destroy_decompress(&c);
		return -1;
	}
	jpeg_create_decompress(&c);
	jpeg_mem_src(&c, data, length);
	jpeg_read_header(&c, TRUE);
	c.out_color_space = JCS_RGB;
	jpeg_start_decompress(&c);
	if (c.output_width != (JDIMENSION)width || c.output_height != (JDIMENSION)height) {
		strcpy(message, "two frame headers disagree on the size");
		jpeg_destroy_decompress(&c);
		return -1;
	}
	while (c.output_scanline < c.output_height) {
		JSAMPROW row = out + (size_t)c.output_scanline * width * 3;
		jpeg_read_scanlines(&c, &row, 1);
	}
	jpeg_finish_decompress(&c);
	jpeg_destroy_decompress(&c);
	return 0;
}
