#ifndef LIMEN_TURBO_H
#define LIMEN_TURBO_H
#include <stddef.h>

enum { LIMEN_JPEG_MESSAGE = 200 }; /* libjpeg's JMSG_LENGTH_MAX */

/* Decodes a gray or three-component JPEG to packed RGB. out has room for
 * width x height pixels, and the image must be exactly that large. Returns 0,
 * or -1 with the reason in message. */
int limen_jpeg_decode(const unsigned char *data, size_t length, unsigned char *out,
                      int width, int height, char *message);

#endif
