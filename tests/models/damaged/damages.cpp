// SPDX-License-Identifier: Apache-2.0
// What can be done to a file of any kind.
#include <algorithm>
#include <set>

#include "tests/models/damaged/kind_of_file.h"

namespace thaw {

std::string with_bytes(std::string bytes, size_t at, std::string_view others) {
  return bytes.replace(at, others.size(), others);
}

std::string without(const std::string& bytes, size_t at, size_t count) {
  return bytes.substr(0, at) + bytes.substr(std::min(bytes.size(), at + count));
}

namespace {

// Places in a file of `size` bytes: its beginning and its end closely, between them here and there.
std::set<size_t> places(size_t size) {
  std::set<size_t> all;
  for (const size_t at : {0, 1, 2, 3, 4, 8, 12, 16, 20, 24, 32, 44})
    if (at < size) all.insert(at);
  for (size_t part = 1; part < 8; ++part) all.insert(size * part / 8);
  for (const size_t left : {1, 2, 4, 8, 12})
    if (left < size) all.insert(size - left);
  return all;
}

}  // namespace

std::vector<FileDamage> damages_of(const KindOfFile& kind) {
  const std::string& whole = kind.whole;
  std::vector<FileDamage> all;
  const auto add = [&](const char* what, size_t at, std::string bytes, AfterDamage expected) {
    all.push_back({std::string(what) + " at byte " + std::to_string(at), std::move(bytes), expected});
  };
  for (const WholePart& part : kind.parts)
    all.push_back({"cut off behind a part, at byte " + std::to_string(part.bytes), whole.substr(0, part.bytes),
                   AfterDamage::beginning, 0, part.held});
  for (const size_t at : places(whole.size())) {
    if (std::ranges::find(kind.parts, at, &WholePart::bytes) == kind.parts.end())
      add("cut off", at, whole.substr(0, at), at == 0 ? AfterDamage::refused : kind.cut);
    if (at < 4) continue;  // the magic, below
    for (const int turned : {0x01, 0x80})
      add("a bit turned", at, with_bytes(whole, at, std::string{static_cast<char>(whole[at] ^ turned)}), kind.changed);
    add("bytes lost", at, without(whole, at, 3), kind.changed);
    add("bytes too much", at, whole.substr(0, at) + "abc" + whole.substr(at), kind.changed);
  }
  const size_t middle = whole.size() / 2;
  add("zeros", middle, with_bytes(whole, middle, std::string(std::min<size_t>(16, whole.size() - middle), '\0')),
      kind.changed);
  const AfterDamage wrong = AfterDamage::refused;
  add("another magic", 0, with_bytes(whole, 0, "xyz"), wrong);
  add("zeros", 0, with_bytes(whole, 0, std::string(4, '\0')), wrong);
  add("something before it", 0, "\n" + whole, wrong);
  add("nothing but zeros", 0, std::string(whole.size(), '\0'), wrong);
  add("nothing but ones", 0, std::string(whole.size(), '\xFF'), wrong);
  add("a word behind it", whole.size(), whole + "rubbish", kind.longer);
  add("zeros behind it", whole.size(), whole + std::string(70'000, '\0'), kind.longer);
  all.insert(all.end(), kind.own.begin(), kind.own.end());
  return all;
}

}  // namespace thaw
