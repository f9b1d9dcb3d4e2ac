// SPDX-License-Identifier: Apache-2.0
// Draws trees and their values.
#include "models/data/sequences/list_ops.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

namespace thaw {
namespace {

constexpr std::array<std::string_view, 5> words{"[MIN", "[MAX", "[MED", "[SM", "]"};

int32_t value_of(int32_t op, std::vector<int32_t> arguments) {
  std::ranges::sort(arguments);
  switch (op - ListOps::first_operator) {
    case 0: return arguments.front();
    case 1: return arguments.back();
    case 2: {
      const size_t middle = arguments.size() / 2;
      return arguments.size() % 2 == 1 ? arguments[middle] : (arguments[middle - 1] + arguments[middle]) / 2;
    }
    default: return std::accumulate(arguments.begin(), arguments.end(), 0) % 10;
  }
}

// Appends a tree's tokens and gives its value. Trees that grow too long are left unfinished.
int32_t grow(const ListOps& sizes, int64_t depth, RandomDraws& draws, std::vector<int32_t>& tokens) {
  if (depth >= sizes.depth || !draws.chance(sizes.nodes)) return tokens.emplace_back(draws.below(10));
  const int32_t count = 2 + draws.below(static_cast<int32_t>(sizes.arguments) - 1);
  const int32_t op = ListOps::first_operator + draws.below(4);
  tokens.push_back(op);
  std::vector<int32_t> arguments;
  for (int32_t i = 0; i < count && std::ssize(tokens) < sizes.longest; ++i)
    arguments.push_back(grow(sizes, depth + 1, draws, tokens));
  tokens.push_back(ListOps::end);
  return arguments.empty() ? 0 : value_of(op, std::move(arguments));
}

}  // namespace

std::optional<LabelledSequence> ListOps::draw(RandomDraws& draws) const {
  LabelledSequence tree;
  tree.answers = {grow(*this, 1, draws, tree.ids)};
  const int64_t length = std::ssize(tree.ids);
  if (length <= shortest || length >= longest) return {};
  return tree;
}

std::string list_ops_text(const std::vector<int32_t>& ids) {
  std::string text;
  for (const int32_t id : ids) {
    if (!text.empty()) text += ' ';
    text += id < ListOps::first_operator ? std::to_string(id)
                                         : std::string(words.at(static_cast<size_t>(id - ListOps::first_operator)));
  }
  return text;
}

}  // namespace thaw
