// SPDX-License-Identifier: Apache-2.0
// Looks at first words.
#include "tensor/io/foreign_text.h"

#include <algorithm>
#include <array>

namespace thaw {

namespace {

bool begins_with_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char l, char c) {
           return l == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
         });
}

}  // namespace

bool is_web_page(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n")));
  return std::ranges::any_of(std::array<std::string_view, 4>{"<!doctype html", "<html", "<head", "<?xml"},
                             [&](std::string_view tag) { return begins_with_ignoring_case(text, tag); });
}

bool is_git_lfs_pointer(std::string_view text) { return text.starts_with("version https://git-lfs.github.com/spec/"); }

}  // namespace thaw
