// SPDX-License-Identifier: Apache-2.0
// What BERT's normalizer and pre-tokenizer ask about a code point, answered as the reference tokenizer answers.
//
// The reference mixes Unicode versions: its categories are those of Unicode 8 (what came later is neither mark nor
// punctuation nor control), its decompositions those of Unicode 9, its lower case that of Unicode 17. Results must not
// depend on the system's utf8proc, so the categories are tables here, and utf8proc answers only what has not changed
// since those versions.
#pragma once

#include <cstdint>
#include <span>

namespace thaw {

// White_Space of Unicode: ASCII spaces, U+0085, U+00A0, U+1680, U+2000-200A, U+2028, U+2029, U+202F, U+205F, U+3000.
bool is_whitespace(char32_t code);

// What text cleaning drops: controls (Cc, Cf, Co) other than tab, newline and return; NUL; U+FFFD.
bool is_dropped_by_cleaning(char32_t code);

// ASCII 33-47, 58-64, 91-96, 123-126, and the categories P*.
bool is_punctuation(char32_t code);

// Category Mn.
bool is_nonspacing_mark(char32_t code);

// Categories Mn, Mc and Me, of Unicode 9.
bool is_mark(char32_t code);

// The blocks around which BERT puts spaces. (U+2B820-2B91F, most of CJK extension E's beginning, is not among them in
// the reference.)
bool is_cjk_ideograph(char32_t code);

// Letters, marks, decimal digits, connector punctuation: what \w matches. This one follows the system's utf8proc;
// letters that are newer than it count as none.
bool is_word_character(char32_t code);

// Categories Nd, Nl and No of Unicode 17.
bool is_numeric(char32_t code);

// Categories L* of Unicode 17: what \p{L} matches.
bool is_letter(char32_t code);

// Full decomposition of a code point; one without any gives itself.
struct Decomposition {
  char32_t codes[18];
  int size = 0;
};
Decomposition canonical_decomposition(char32_t code);
Decomposition compatibility_decomposition(char32_t code);

// The code point that two compose to canonically; 0 if there is none.
char32_t composition(char32_t first, char32_t second);

// Canonical combining class; 0 for starters.
int combining_class(char32_t code);

// Lower case of one code point, two code points for U+0130 alone; without regard to context.
Decomposition lower_case(char32_t code);

namespace unicode_tables {

struct Range {
  char32_t first, last;
};

// Sorted, without overlap.
std::span<const Range> nonspacing_marks();
std::span<const Range> other_marks();
std::span<const Range> punctuation();
std::span<const Range> dropped_by_cleaning();
// Code points that got a decomposition or a combining class after Unicode 9.
std::span<const Range> decomposed_later();
// Code points that became letters or numbers after Unicode 15, which the system's utf8proc may not know.
std::span<const Range> letters_later();
std::span<const Range> numbers_later();

}  // namespace unicode_tables

}  // namespace thaw
