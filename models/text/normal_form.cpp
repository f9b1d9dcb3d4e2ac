// SPDX-License-Identifier: Apache-2.0
// Decomposition, canonical order and composition over lists of code points.
#include "models/text/normal_form.h"

#include <algorithm>
#include <vector>

#include "models/text/unicode_properties.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

// A code point of the new text and how it came to be. change > 0: it was added behind the one before it. 0: it takes
// the place of a code point of the old text. -n: that, and the n after it are gone.
struct Change {
  char32_t code;
  int ccc;
  int change;
};

std::vector<Change> decompose(std::string_view text, bool compatibility) {
  std::vector<Change> out;
  out.reserve(text.size());
  size_t run = 0;  // where the marks that may have to be ordered begin
  const auto order = [&] {
    std::stable_sort(out.begin() + static_cast<ptrdiff_t>(run), out.end(),
                     [](const Change& a, const Change& b) { return a.ccc < b.ccc; });
  };
  for (size_t at = 0; at < text.size();) {
    const char32_t code = next_code_point(text, at);
    const Decomposition parts = compatibility ? compatibility_decomposition(code) : canonical_decomposition(code);
    for (int i = 0; i < parts.size; ++i) {
      const int ccc = combining_class(parts.codes[i]);
      if (ccc == 0) order();
      out.push_back({parts.codes[i], ccc, i > 0});
      if (ccc == 0) run = out.size();
    }
  }
  order();
  return out;
}

// A mark is blocked from its starter by an uncomposed one before it of the same class or a higher one.
std::vector<Change> compose(const std::vector<Change>& parts) {
  std::vector<Change> out;
  out.reserve(parts.size());
  size_t starter = parts.size();  // index in `out`; none yet
  int last_ccc = -1;              // of the uncomposed marks behind the starter; -1: there are none
  for (const Change& part : parts) {
    if (starter < out.size() && last_ccc < part.ccc) {
      if (const char32_t both = composition(out[starter].code, part.code); both != 0) {
        out[starter] = {both, 0, out[starter].change + part.change - 1};
        continue;
      }
    }
    if (part.ccc == 0) {
      starter = out.size();
      last_ccc = -1;
    } else {
      last_ccc = part.ccc;
    }
    out.push_back(part);
  }
  return out;
}

}  // namespace

void to_normal_form(NormalForm form, std::string_view text, uint32_t first, NormalizedText& out) {
  std::vector<Change> changes = decompose(text, form == NormalForm::nfkd || form == NormalForm::nfkc);
  if (form == NormalForm::nfc || form == NormalForm::nfkc) changes = compose(changes);
  out.clear();
  uint32_t next = first;  // code point of the old text
  for (const auto& [code, ccc, change] : changes) {
    const uint32_t at = change > 0 && next > first ? next - 1 : next;
    out.append(code, {at, at + 1});
    if (change <= 0) next += 1 + static_cast<uint32_t>(-change);
  }
}

}  // namespace thaw
