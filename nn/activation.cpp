// SPDX-License-Identifier: Apache-2.0
// The table of activation names.
#include "nn/activation.h"

#include <map>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

UnaryOp activation_named(const std::string& name, const std::string& origin) {
  static const std::map<std::string, UnaryOp> table{
      {"gelu", UnaryOp::gelu},
      {"gelu_fast", UnaryOp::gelu_tanh},
      {"gelu_new", UnaryOp::gelu_tanh},
      {"gelu_python", UnaryOp::gelu},
      {"gelu_pytorch_tanh", UnaryOp::gelu_tanh},
      {"linear", UnaryOp::identity},
      {"quick_gelu", UnaryOp::quick_gelu},
      {"relu", UnaryOp::relu},
      {"sigmoid", UnaryOp::sigmoid},
      {"silu", UnaryOp::silu},
      {"swish", UnaryOp::silu},
      {"tanh", UnaryOp::tanh},
  };
  if (const auto found = table.find(name); found != table.end()) return found->second;
  std::string names;
  for (const auto& [known, op] : table) names += (names.empty() ? "" : ", ") + known;
  fail("{}: activation {} is not supported; there are {}", origin, quote(name), names);
}

}  // namespace thaw
