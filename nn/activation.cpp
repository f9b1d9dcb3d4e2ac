// SPDX-License-Identifier: Apache-2.0
// The table of activation names.
#include "nn/activation.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

// Names that differ from the functions' own, and functions that have no name in config.json.
const std::map<std::string, UnaryOp> other_names{
    {"gelu_fast", UnaryOp::gelu_tanh},         {"gelu_new", UnaryOp::gelu_tanh}, {"gelu_python", UnaryOp::gelu},
    {"gelu_pytorch_tanh", UnaryOp::gelu_tanh}, {"linear", UnaryOp::identity},    {"swish", UnaryOp::silu},
};
constexpr UnaryOp nameless[] = {UnaryOp::gelu_tanh, UnaryOp::softplus};

std::map<std::string, UnaryOp> names_of_config() {
  std::map<std::string, UnaryOp> names = other_names;
  for (uint32_t number = 0; number < unary_op_count; ++number) {
    const auto op = static_cast<UnaryOp>(number);
    if (is_activation(op) && std::ranges::find(nameless, op) == std::end(nameless)) names.emplace(name_of(op), op);
  }
  return names;
}

}  // namespace

UnaryOp activation_named(const std::string& name, const std::string& origin) {
  static const std::map<std::string, UnaryOp> table = names_of_config();
  if (const auto found = table.find(name); found != table.end()) return found->second;
  std::string names;
  for (const auto& [known, op] : table) names += (names.empty() ? "" : ", ") + known;
  fail("{}: activation {} is not supported; there are {}", origin, quote(name), names);
}

}  // namespace thaw
