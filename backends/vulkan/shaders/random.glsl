// SPDX-License-Identifier: Apache-2.0
// Four consecutive numbers of a random stream, from 0 to below 1 (tensor/random_key.h).
#include "philox.glsl"

// seed low, seed high, stream low, stream high
vec4 uniform_block(uint block, uint key[4]) {
  const uvec4 words = stream_words(block, 0, key[0], key[1], key[2], key[3]);
  return vec4(uniform_of_word(words.x), uniform_of_word(words.y), uniform_of_word(words.z), uniform_of_word(words.w));
}
