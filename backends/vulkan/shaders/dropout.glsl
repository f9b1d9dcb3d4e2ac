// SPDX-License-Identifier: Apache-2.0
// Which elements of a row a dropout keeps (tensor/random_key.h). After philox.glsl and quads.glsl.

// The same struct as in dropout_key.h.
struct DropoutKey {
  float probability, factor;  // factor: 1 / (1 - probability)
  uint words[4];              // seed low, seed high, stream low, stream high
};

// The words of the four elements that hold element row * width + column; which of them that one is. The index may need
// more than 32 bits.
uvec4 words_of(DropoutKey key, uint row, uint width, uint column, out uint place) {
  uint high, low, carry;
  umulExtended(row, width, high, low);
  low = uaddCarry(low, column, carry);
  high += carry;
  place = low & 3u;
  return stream_words(low >> 2 | high << 30, high >> 2, key.words[0], key.words[1], key.words[2], key.words[3]);
}

float dropout_factor(DropoutKey key, uint word) { return uniform_of_word(word) >= key.probability ? key.factor : 0.0; }

// What the numbers of a quad are multiplied by.
vec4 dropout_factors(DropoutKey key, uint row, uint width, uint c) {
  uint place;
  vec4 factors;
  if (aligned) {
    const uvec4 words = words_of(key, row, width, c, place);
    for (uint i = 0; i < 4; ++i) factors[i] = dropout_factor(key, words[i]);
  } else {
    const uvec4 columns = columns_of(c);
    for (uint i = 0; i < 4; ++i) {
      const uvec4 words = words_of(key, row, width, columns[i], place);
      factors[i] = dropout_factor(key, words[place]);
    }
  }
  return factors;
}
