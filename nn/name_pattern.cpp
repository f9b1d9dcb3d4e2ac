// SPDX-License-Identifier: Apache-2.0
// Matches by the table of edit distances: no part is ever tried again.
#include "nn/name_pattern.h"

#include <algorithm>
#include <charconv>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr size_t longest = 4096;  // characters of a pattern
constexpr int deepest = 16;       // alternatives within alternatives

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number from 0 that fits; false if the text is anything else.
bool read_number(std::string_view text, int64_t& number) {
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return false;
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
}

}  // namespace

// Reads a pattern from left to right.
class NamePatternParser {
 public:
  explicit NamePatternParser(std::string_view text) : text_(text) {}

  NamePattern::Parts whole() {
    check(text_.size() <= longest, "a pattern is longer than {} characters: {}", longest, quote(text_));
    NamePattern::Parts parts = sequence(0);
    if (at_ < text_.size()) wrong(at_, fmt::format("{} without its opening one", quoted(at_)));
    return parts;
  }

 private:
  using Part = NamePattern::Part;
  using Kind = Part::Kind;

  // Up to the end, or to a "," or "}" of the alternatives that this stands in.
  NamePattern::Parts sequence(int depth) {
    NamePattern::Parts parts;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '}' || (c == ',' && depth > 0)) break;
      if (c == '{') {
        parts.push_back(alternatives(depth + 1));
      } else if (c == '[') {
        parts.push_back(character_class());
      } else {
        if (c == ']') wrong(at_, "\"]\" without its opening one");
        ++at_;
        parts.push_back(c == '*' ? Part{Kind::characters} : character(c));
      }
    }
    return parts;
  }

  static Part character(char c) {
    Part part{Kind::character};
    if (c == '?') {
      part.set.set();
    } else {
      part.set.set(static_cast<unsigned char>(c));
    }
    return part;
  }

  Part alternatives(int depth) {
    const size_t open = at_;
    expect(depth <= deepest, open, "opens alternatives that are nested too deeply");
    Part part{Kind::alternatives};
    do {
      ++at_;  // "{" or ","
      const size_t begin = at_;
      NamePattern::Parts parts = sequence(depth);
      expect(at_ < text_.size(), open, "is not closed");
      const std::string_view item = text_.substr(begin, at_ - begin);
      if (item.find_first_of("{[") == std::string_view::npos && item.find("..") != std::string_view::npos)
        parts = {number(item, begin)};
      part.alternatives.push_back(std::move(parts));
    } while (text_[at_] == ',');
    ++at_;
    const bool range = part.alternatives.size() == 1 && part.alternatives[0].size() == 1 &&
                       part.alternatives[0][0].kind == Kind::number;
    expect(part.alternatives.size() > 1 || range, open, "holds no choice: {a,b} or {0..11} was expected");
    return part;
  }

  Part number(std::string_view item, size_t begin) const {
    Part part{Kind::number};
    const size_t dots = item.find("..");
    if (!read_number(item.substr(0, dots), part.least) || !read_number(item.substr(dots + 2), part.most))
      wrong(begin, fmt::format("{} is no range of numbers, as 0..11 is", quote(item)));
    if (part.least > part.most) wrong(begin, fmt::format("\"{}\" runs backwards", item));
    return part;
  }

  Part character_class() {
    const size_t open = at_++;
    Part part{Kind::character};
    const bool others = at_ < text_.size() && (text_[at_] == '!' || text_[at_] == '^');
    if (others) ++at_;
    for (const size_t first = at_; at_ < text_.size() && (text_[at_] != ']' || at_ == first);) {
      const auto least = static_cast<unsigned char>(text_[at_]);
      auto most = least;
      if (at_ + 2 < text_.size() && text_[at_ + 1] == '-' && text_[at_ + 2] != ']') {
        most = static_cast<unsigned char>(text_[at_ + 2]);
        if (least > most) wrong(at_, fmt::format("{} runs backwards", quote(text_.substr(at_, 3))));
        at_ += 2;
      }
      expect(least < 128 && most < 128, at_, "is no ASCII character: a class cannot hold it");
      ++at_;
      for (unsigned c = least; c <= most; ++c) part.set.set(c);
    }
    expect(at_ < text_.size(), open, "is not closed");
    ++at_;
    if (others) part.set.flip();
    return part;
  }

  std::string quoted(size_t at) const { return quote(text_.substr(at, 1)); }

  void expect(bool ok, size_t at, const std::string& otherwise) const {
    if (!ok) wrong(at, fmt::format("{} {}", quoted(at), otherwise));
  }

  [[noreturn]] void wrong(size_t at, const std::string& what) const {
    throw std::invalid_argument(fmt::format("the pattern {}: at character {}: {}", quote(text_), at + 1, what));
  }

  std::string_view text_;
  size_t at_ = 0;
};

NamePattern::NamePattern(std::string_view text) : text_(text), parts_(NamePatternParser(text).whole()) {}

NamePattern NamePattern::literal(std::string_view text) {
  NamePattern pattern;
  pattern.text_ = text;
  for (const char c : text) {
    pattern.parts_.push_back({Part::Kind::character});
    pattern.parts_.back().set.set(static_cast<unsigned char>(c));
  }
  return pattern;
}

// costs[n]: of what stands before the part, against name[0, n).
NamePattern::Costs NamePattern::after(const Part& part, const Costs& before, std::string_view name) {
  Costs costs = before;
  if (part.kind == Part::Kind::characters) {
    for (size_t n = 1; n < costs.size(); ++n) costs[n] = std::min(costs[n], costs[n - 1]);
    return costs;
  }
  if (part.kind == Part::Kind::alternatives) {
    for (size_t i = 0; i < part.alternatives.size(); ++i) {
      const Costs one = after(part.alternatives[i], before, name);
      for (size_t n = 0; n < costs.size(); ++n) costs[n] = i == 0 ? one[n] : std::min(costs[n], one[n]);
    }
    return costs;
  }
  for (int& cost : costs) ++cost;  // nothing of the name stands for the part
  if (part.kind == Part::Kind::character) {
    for (size_t n = 1; n < costs.size(); ++n) {
      const bool fits = part.set[static_cast<unsigned char>(name[n - 1])];
      costs[n] = std::min(costs[n], before[n - 1] + (fits ? 0 : 1));
    }
  } else {
    for (size_t begin = 0, end = 0; begin < name.size(); begin = end + 1) {
      for (end = begin; end < name.size() && is_digit(name[end]);) ++end;
      if (end == begin) continue;
      int64_t number = 0;
      const bool fits =
          read_number(name.substr(begin, end - begin), number) && part.least <= number && number <= part.most;
      costs[end] = std::min(costs[end], before[begin] + (fits ? 0 : 1));
    }
  }
  for (size_t n = 1; n < costs.size(); ++n) costs[n] = std::min(costs[n], costs[n - 1] + 1);
  return costs;
}

NamePattern::Costs NamePattern::after(const Parts& parts, Costs costs, std::string_view name) {
  for (const Part& part : parts) costs = after(part, costs, name);
  return costs;
}

int NamePattern::edits(std::string_view name) const {
  Costs costs(name.size() + 1);
  for (size_t n = 0; n < costs.size(); ++n) costs[n] = static_cast<int>(n);
  return after(parts_, std::move(costs), name).back();
}

bool matches(std::string_view pattern, std::string_view name) { return NamePattern(pattern).matches(name); }

std::string near_names(const NamePattern& pattern, const std::vector<std::string>& names) {
  std::vector<std::pair<int, std::string>> found;
  for (const std::string& name : names) found.emplace_back(pattern.edits(name), name);
  std::ranges::stable_sort(found, {}, [](const auto& one) { return one.first; });
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(5, found.size()); ++i) text += (i ? ", " : "") + found[i].second;
  return text;
}

}  // namespace thaw
