// SPDX-License-Identifier: Apache-2.0
// The stanza reader for Debian's control files.
#include "examples/data/deb822.h"

#include <algorithm>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr std::string_view blanks = " \t";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

}  // namespace

const std::string* Stanza::find(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (same_name(key, name)) return &value;
  }
  return nullptr;
}

Deb822Reader::Deb822Reader(const std::filesystem::path& path) : path_(path), file_(path, std::ios::binary) {
  if (!file_ || std::filesystem::is_directory(path)) fail("{}: cannot be read", path.string());
}

std::string Deb822Reader::position(const Stanza& stanza) const {
  return fmt::format("{}:{}", path_.string(), stanza.line);
}

bool Deb822Reader::next(Stanza& stanza) {
  stanza.fields.clear();
  std::string text;
  while (std::getline(file_, text)) {
    ++line_;
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (text.find_first_not_of(blanks) == std::string::npos) {
      if (!stanza.fields.empty()) return true;
    } else if (text[0] != '#') {
      if (stanza.fields.empty()) stanza.line = line_;
      add_line(stanza, text);
    }
  }
  if (file_.bad()) fail("{}: cannot be read after line {}", path_.string(), line_);
  return !stanza.fields.empty();
}

void Deb822Reader::add_line(Stanza& stanza, const std::string& text) {
  if (text[0] == ' ' || text[0] == '\t') {
    if (stanza.fields.empty()) fail("{}:{}: a folded line without a field above it", path_.string(), line_);
    stanza.fields.back().second.append("\n").append(text, 1);
    return;
  }
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0) fail("{}:{}: expected \"Field: value\"", path_.string(), line_);
  const auto name = std::string_view(text).substr(0, colon);
  if (stanza.find(name)) fail("{}:{}: the field {} is there twice", path_.string(), line_, quote(name));
  stanza.fields.emplace_back(name, trimmed(std::string_view(text).substr(colon + 1)));
}

}  // namespace thaw
