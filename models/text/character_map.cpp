// SPDX-License-Identifier: Apache-2.0
// Walks the double array, each index checked; all that can be reached was checked when it was read.
#include "models/text/character_map.h"

#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

uint32_t little_endian32(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

bool is_boundary(std::string_view text, size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

}  // namespace

CharacterMap::CharacterMap(std::string_view bytes, const std::string& where) {
  constexpr size_t head = sizeof(uint32_t);
  if (bytes.size() < head) fail("{}: {} bytes, too few for the size of a trie", where, bytes.size());
  const size_t size = little_endian32(bytes, 0);
  if (size > bytes.size() - head)
    fail("{}: a trie of {} bytes, but only {} are left", where, size, bytes.size() - head);
  if (size == 0 || size % sizeof(uint32_t) != 0) fail("{}: a trie of {} bytes, which are no units of 4", where, size);
  units_.resize(size / sizeof(uint32_t));
  for (size_t i = 0; i < units_.size(); ++i) units_[i] = little_endian32(bytes, head + i * sizeof(uint32_t));
  replacements_ = bytes.substr(head + size);
  if (const size_t bad = utf8_error_offset(replacements_); bad < replacements_.size())
    fail("{}: byte {} of the replacements is not valid UTF-8", where, bad);
  check_nodes(where);
}

// Depth first over all that can be reached; parts of the trie may be shared, but none may lie below itself.
void CharacterMap::check_nodes(const std::string& where) const {
  enum class State : uint8_t { unseen, open, done };
  struct Step {
    uint32_t node, base, byte;
  };
  std::vector<State> states(units_.size());
  std::vector<Step> path;
  const auto enter = [&](uint32_t node) {
    if (states[node] == State::open) fail("{}: unit {} of the trie lies below itself", where, node);
    if (states[node] == State::done) return;
    states[node] = State::open;
    const uint32_t base = node ^ offset(units_[node]);
    if (base >= units_.size()) fail("{}: unit {} of the trie points beyond its {} units", where, node, units_.size());
    if (has_leaf(units_[node])) check_value(base, where);
    path.push_back({node, base, 0});
  };
  enter(0);
  while (!path.empty()) {
    Step& step = path.back();
    if (++step.byte == 256) {
      states[step.node] = State::done;
      path.pop_back();
      continue;
    }
    const uint32_t child = step.base ^ step.byte;
    if (child < units_.size() && label(units_[child]) == step.byte) enter(child);
  }
}

void CharacterMap::check_value(size_t unit, const std::string& where) const {
  constexpr size_t longest_replacement = 4096;
  const size_t at = value(units_[unit]);
  if (at >= replacements_.size())
    fail("{}: unit {} of the trie points to byte {} of {} bytes of replacements", where, unit, at,
         replacements_.size());
  if (!is_boundary(replacements_, at))
    fail("{}: unit {} of the trie points into a character at byte {} of the replacements", where, unit, at);
  const std::string_view text = std::string_view(replacements_).substr(at, longest_replacement + 1);
  if (text.size() > longest_replacement && text.find('\0') == std::string_view::npos)
    fail("{}: the replacement at byte {} is longer than {} bytes", where, at, longest_replacement);
}

std::string_view CharacterMap::replacement(uint32_t unit) const {
  const std::string_view text = std::string_view(replacements_).substr(value(unit));
  return text.substr(0, text.find('\0'));
}

template <typename Visit>
void CharacterMap::match(std::string_view text, Visit visit) const {
  if (units_.empty()) return;
  uint32_t node = offset(units_[0]);
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    node ^= byte;
    if (byte == 0 || node >= units_.size()) return;
    const uint32_t unit = units_[node];
    if (label(unit) != byte) return;
    node ^= offset(unit);
    if (node >= units_.size()) return;
    if (has_leaf(unit) && is_boundary(text, at + 1) && !visit(at + 1, units_[node])) return;
  }
}

CharacterMap::Match CharacterMap::longest(std::string_view text) const {
  size_t size = 0;
  uint32_t unit = 0;
  match(text, [&](size_t bytes, uint32_t found) {
    size = bytes;
    unit = found;
    return true;
  });
  return size == 0 ? Match{} : Match{size, replacement(unit)};
}

CharacterMap::Match CharacterMap::shortest(std::string_view text) const {
  Match out;
  match(text, [&](size_t bytes, uint32_t found) {
    out = {bytes, replacement(found)};
    return false;
  });
  return out;
}

}  // namespace thaw
