// SPDX-License-Identifier: Apache-2.0
// Options whose values are numbers, or one of a few words that stand for something: read strictly (010 is ten, nan is
// nothing), refused in a short line: "--max-steps: a whole number of at least 0 was expected, not "1e3"".
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace thaw {

// An option whose value is read by `read`, which says whether the text is `expected`.
CLI::Option* add_strict_option(CLI::App& command, const std::string& names, const std::string& type,
                               const std::string& expected, const std::string& help,
                               std::function<bool(const std::string&)> read);

// Whole numbers; what `value` is at first stays until the option is given.
struct WholeRange {
  int64_t least = 0, most = 1'000'000'000'000;
};
// "a whole number from 1 to 9"
std::string expected_text(const WholeRange& range);
CLI::Option* add_number(CLI::App& command, const std::string& names, int64_t& value, const WholeRange& range,
                        const std::string& help);
CLI::Option* add_number(CLI::App& command, const std::string& names, std::optional<int64_t>& value,
                        const WholeRange& range, const std::string& help);
// A seed: any that the type holds.
CLI::Option* add_number(CLI::App& command, const std::string& names, uint64_t& value, const std::string& help);

// Finite numbers, in f32, too.
struct NumberRange {
  double least = 0;
  double most = std::numeric_limits<float>::max();
  bool above = false;  // least itself is not taken
  bool below = false;  // most itself is not taken
};
std::string expected_text(const NumberRange& range);
CLI::Option* add_number(CLI::App& command, const std::string& names, double& value, const NumberRange& range,
                        const std::string& help);
CLI::Option* add_number(CLI::App& command, const std::string& names, std::optional<double>& value,
                        const NumberRange& range, const std::string& help);

// One of the words, as it is.
CLI::Option* add_word(CLI::App& command, const std::string& names, std::string& value,
                      const std::vector<std::string>& words, const std::string& help);

// A finite number, read as strictly; false if the text is none.
bool read_finite(const std::string& text, double& number);

// The help, with what was expected behind it unless it names all the words itself.
std::string help_with_words(const std::string& help, const std::string& expected,
                            const std::vector<std::string>& words);

template <typename T>
CLI::Option* add_choice(CLI::App& command, const std::string& names, T& value, const std::map<std::string, T>& words,
                        const std::string& help) {
  std::string expected;
  std::vector<std::string> all;
  for (const auto& [word, meaning] : words) {
    expected += (expected.empty() ? "one of " : ", ") + word;
    all.push_back(word);
  }
  return add_strict_option(command, names, "WORD", expected, help_with_words(help, expected, all),
                           [&value, words](const std::string& text) {
                             const auto found = words.find(text);
                             if (found != words.end()) value = found->second;
                             return found != words.end();
                           });
}

}  // namespace thaw
