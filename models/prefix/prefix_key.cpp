// SPDX-License-Identifier: Apache-2.0
// Hashes weights and what else decides.
#include "models/prefix/prefix_key.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "autograd/compressed_weight.h"
#include "models/prefix/key_maker.h"
#include "nn/activation.h"
#include "nn/name_path.h"
#include "nn/product.h"

namespace thaw {
namespace {

constexpr int version = 2;  // of what prefixes compute: a change that gives other bits is another one

// What of a product's adapters is no parameter.
std::string options_text(const Product& product) {
  std::string text;
  if (product.low_rank) {
    const LowRankOptions& o = product.low_rank->options;
    text += fmt::format("{}: r {} scale {}{}\n", product.path, o.rank, product.low_rank->scale(),
                        o.magnitudes ? " with magnitudes" : "");
  }
  if (product.scaling)
    text += fmt::format("{}: scaled {}\n", product.path, product.scaling->on_input ? "input" : "output");
  if (product.bottleneck)
    text += fmt::format("{}: bottleneck {}\n", product.path, name_of(product.bottleneck->options.activation));
  return text;
}

}  // namespace

Key128 prefix_key(const FrozenPrefix& prefix, const ParameterStore& store, const Fingerprint& switches, DType kept_as) {
  KeyMaker maker;
  const Device device = store.device();
  maker.add(fmt::format("{}\n{} of {} stages, {}\n{}\n{}\n{}\n", version, prefix.stages, prefix.of,
                        prefix.row_a_text ? "a row a text" : "a row a token", device.name(),
                        device.backend().description(), name_of(kept_as)));
  if (prefix.first_position > 0) maker.add(fmt::format("first position {}\n", prefix.first_position));
  for (const auto& [name, value] : switches) maker.add(fmt::format("{}={}\n", name, value));
  for (const std::string& path : prefix.names) {
    for (const Parameter& parameter : store.all()) {
      if (!is_below(parameter.name(), path)) continue;
      const Tensor& value = parameter.value();
      maker.add(fmt::format("{} {}\n", parameter.name(), value.numel()));
      maker.add(value.to_bytes());
      const CompressedWeight* compressed = parameter.compressed();
      if (!compressed) continue;
      maker.add(fmt::format("as {}\n", name_of(value.dtype())));
      if (compressed->scales.defined()) maker.add(compressed->scales.to_bytes());
    }
    for (const std::shared_ptr<Product>& product : store.products())
      if (is_below(product->path, path)) maker.add(options_text(*product));
  }
  return maker.key();
}

}  // namespace thaw
