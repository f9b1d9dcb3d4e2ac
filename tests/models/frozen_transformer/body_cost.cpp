// SPDX-License-Identifier: Apache-2.0
// What a frozen body costs a training step of the layers below and above it, of every family that has one.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "autograd/tape.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/product.h"
#include "tensor/counters.h"
#include "tests/models/family_table/family_row.h"

using namespace thaw;

namespace {

std::vector<Product> products_of_body(const ParameterStore& store) {
  std::vector<Product> products;
  for (const auto& product : store.products())
    if (product->path.starts_with("sequence_model.")) products.push_back(*product);
  return products;
}

struct Cost {
  int64_t backward_products, kept_bytes;
};

// Of a step that trains the layers below and above the body, and of the body what the rules say.
Cost cost_of(const SmallFamily& small, const std::string& rules) {
  const OpenedFamily opened(small);
  ParameterStore& store = opened.store();
  FreezeMask::parse("freeze *\ntrain in_net.*\ntrain out_net.*\n" + rules, "rules").apply(store);
  const TrainingMode training(store.mode());
  const MemoryStats& memory = store.device().backend().memory();
  const uint64_t before = memory.live_bytes;
  const Variable loss = opened.loss();
  const auto kept = static_cast<int64_t>(memory.live_bytes - before);
  counters() = {};
  backward(loss);
  for (const Parameter& p : store.all()) {
    INFO(p.name());
    CHECK(p.variable().grad().defined() == !p.frozen());
  }
  return {static_cast<int64_t>(counters().by_name.at("matmul")), kept};
}

}  // namespace

TEST_CASE("frozen body: it makes no gradient of a weight and keeps nothing that only one would need") {
  for (const FamilyRow& row : body_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row, 0.1);
    const OpenedFamily opened(small);
    const std::vector<Product> products = products_of_body(opened.store());
    int64_t layers = 0, channels = 0, inner = 0;
    std::string all_products;
    for (const Product& product : products) {
      all_products += "train " + product.weight.name() + "\n";
      if (product.role != ProductRole::inner) continue;
      ++layers;
      channels = product.in();
      inner = product.out();
    }
    const Cost frozen = cost_of(small, ""), trained = cost_of(small, all_products);
    // Of each product dX alone; of the input layer dW alone; of the output layer both.
    const auto count = static_cast<int64_t>(products.size());
    REQUIRE(layers > 1);
    CHECK(frozen.backward_products == count + 3);
    CHECK(trained.backward_products == 2 * count + 3);
    // What queries, keys and values, and the feed-forward part's two products were given, and the attention's output:
    // three of these, as a norm or the attention may keep one anyway. Of the last layer, where some families compute
    // the rows alone that are read, what queries, keys and values were given.
    int64_t rows = 0;
    for (const int64_t length : opened.examples->lengths()) rows += length;
    CHECK(trained.kept_bytes - frozen.kept_bytes >=
          4 * ((layers - 1) * rows * (2 * channels + inner) + rows * channels));
  }
}
