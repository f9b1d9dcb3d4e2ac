// SPDX-License-Identifier: Apache-2.0
// Reads weights.
#include "models/data/class_weights.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "models/data/line_reader.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// Sums of losses, and their quotients by sums of weights, are f32: they have to hold them.
constexpr double least = 1e-9, most = 1e9;

double weight_in(const std::string& text, const std::string& label, const std::string& where) {
  double weight = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(weight) || weight <= 0)
    fail("{}: the weight of {} is {}: a number above 0 was expected", where, quote(label), quote(text));
  if (weight < least || weight > most)
    fail("{}: the weight of {} is {}: a number from {:g} to {:g} was expected", where, quote(label), quote(text), least,
         most);
  return weight;
}

}  // namespace

std::vector<double> read_class_weights(const std::filesystem::path& file, const LabelSet& labels) {
  LineReader reader(file);
  std::vector<double> weights(static_cast<size_t>(labels.size()));
  std::vector<int64_t> lines(weights.size());  // where each was found; 0: not yet
  for (std::string line; reader.next(line);) {
    if (line.empty()) continue;
    const size_t tab = line.rfind('\t');
    if (tab == std::string::npos)
      fail("{}: a label, a tab and its weight were expected, not {}", reader.where(), quote(line));
    const std::string label = line.substr(0, tab);
    const auto id = static_cast<size_t>(labels.id(label, reader.where()));
    if (lines[id] > 0) fail("{}: {} has a weight already, in line {}", reader.where(), quote(label), lines[id]);
    weights[id] = weight_in(line.substr(tab + 1), label, reader.where());
    lines[id] = reader.number();
  }
  std::vector<std::string> missing;
  for (size_t id = 0; id < weights.size(); ++id)
    if (lines[id] == 0) missing.push_back(labels.names()[id]);
  if (!missing.empty()) fail("{}: has no weight for {}", file.string(), listed(missing));
  return weights;
}

}  // namespace thaw
