// SPDX-License-Identifier: Apache-2.0
// Counts characters, then cuts words.
#include "models/text/train/piece_runs.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "models/text/train/scripts.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

constexpr char32_t blank = 0x2581;
constexpr size_t longest_run = 32;  // characters

std::map<char32_t, uint64_t> count_characters(const std::vector<std::pair<std::string, uint64_t>>& words) {
  std::map<char32_t, uint64_t> counts;
  for (const auto& [word, count] : words)
    for (size_t at = 0; at < word.size();) counts[next_code_point(word, at)] += count;
  return counts;
}

// The most frequent first, of equals that with the smaller code, until they make up the share.
std::unordered_set<char32_t> covered(const std::map<char32_t, uint64_t>& counts, double coverage) {
  std::vector<std::pair<char32_t, uint64_t>> order(counts.begin(), counts.end());
  std::ranges::stable_sort(order, std::ranges::greater(), [](const auto& entry) { return entry.second; });
  double all = 0, sum = 0;
  for (const auto& [code, count] : order) all += static_cast<double>(count);
  std::unordered_set<char32_t> kept;
  for (const auto& [code, count] : order) {
    if (sum >= coverage * all) break;
    sum += static_cast<double>(count);
    kept.insert(code);
  }
  return kept;
}

// Calls put(run) for every run of a word.
template <typename Put>
void for_each_run(std::string_view word, const std::unordered_set<char32_t>& kept, const Put& put) {
  size_t begin = 0, size = 0;  // of the run: byte, characters
  uint8_t script = common_script;
  bool any = false;  // so far the run is U+2581 alone, which may be followed by any script
  const auto end_run = [&](size_t end) {
    if (size > 0) put(word.substr(begin, end - begin));
    begin = end;
    size = 0;
  };
  for (size_t at = 0; at < word.size();) {
    const size_t from = at;
    const char32_t code = next_code_point(word, at);
    if (!kept.contains(code)) {
      end_run(from);
      begin = at;
      continue;
    }
    uint8_t own = script_of(code);
    if (own == inherited_script && size > 0) own = script;
    if (code == blank || size == longest_run || (size > 0 && !any && own != script)) end_run(from);
    any = code == blank;
    script = own;
    ++size;
  }
  end_run(word.size());
}

}  // namespace

PieceRuns cut_into_runs(const std::vector<std::pair<std::string, uint64_t>>& words, double coverage) {
  const std::map<char32_t, uint64_t> counts = count_characters(words);
  const std::unordered_set<char32_t> kept = covered(counts, coverage);
  PieceRuns out;
  for (const auto& [code, count] : counts) {
    if (!kept.contains(code)) continue;
    append_utf8(out.characters.emplace_back("", count).first, code);
  }
  std::unordered_map<std::string_view, uint64_t> runs;
  for (const auto& [word, count] : words)
    for_each_run(word, kept, [&, times = count](std::string_view run) { runs[run] += times; });
  out.runs.reserve(runs.size());
  for (const auto& [text, count] : runs) out.runs.push_back({std::string(text), count});
  std::ranges::sort(out.runs, {}, &PieceRun::text);
  return out;
}

}  // namespace thaw
