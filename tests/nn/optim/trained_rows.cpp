// SPDX-License-Identifier: Apache-2.0
// Optimizers on rows that lie apart: as on a parameter of their own, and their state goes on when rows come and go.
#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nn/init.h"
#include "nn/optim/adafactor.h"
#include "nn/optim/adamw.h"
#include "nn/optim/sgd.h"
#include "tensor/ops.h"
#include "tests/nn/optim/gradients.h"

using namespace thaw;

TEST_CASE("optimizers: rows that lie apart are trained as a parameter of their own would be") {
  const RowRanges rows = RowRanges::parse("0,2:4,6");
  const std::vector<std::function<std::unique_ptr<Optimizer>(ParameterStore&)>> makes{
      [](ParameterStore& store) { return std::make_unique<AdamW>(store, AdamWOptions{.weight_decay = 0.3}); },
      [](ParameterStore& store) {
        return std::make_unique<Sgd>(store, SgdOptions{.momentum = 0.9, .weight_decay = 0.3});
      },
      [](ParameterStore& store) { return std::make_unique<Adafactor>(store, AdafactorOptions{.weight_decay = 0.3}); }};
  for (const auto& make : makes)
    for (const bool masked : {false, true}) {
      CAPTURE(masked);
      ParameterStore wide(Device::from_environment(), DType::f32, 3), narrow(Device::from_environment());
      const Parameter p = wide.parameter("a.weight", {8, 3}, Init::normal(1));
      const Parameter own = narrow.parameter("a.weight", {4, 3}, Init::zeros());
      own.value().copy_from(take_ranges(p.value(), 0, rows));
      p.train_rows(rows);
      if (masked) {
        std::vector<uint8_t> mask, of_rows;
        for (int64_t i = 0; i < 8 * 3; ++i) {
          mask.push_back(static_cast<uint8_t>(i % 2));
          if (rows.place_of(i / 3)) of_rows.push_back(mask.back());
        }
        p.set_element_mask(mask);
        own.set_element_mask(of_rows);
      }
      const Tensor before = p.value().clone();
      const auto optimizer = make(wide), plain = make(narrow);
      CHECK(optimizer->state_bytes() == plain->state_bytes());
      for (int step = 0; step < 3; ++step)
        for (const auto& [store, chosen] : {std::pair{&wide, &optimizer}, std::pair{&narrow, &plain}}) {
          (*chosen)->clear_gradients();
          make_gradients(*store);
          (*chosen)->step(0.1);
        }
      CHECK(take_ranges(p.value(), 0, rows).to_host<float>() == host(own));
      CHECK(host(own) != take_ranges(before, 0, rows).to_host<float>());
      put_ranges_(p.value(), rows, take_ranges(before, 0, rows));
      CHECK(host(p) == before.to_host<float>());
    }
}

TEST_CASE("optimizers: the state of rows goes on when others are added and taken away") {
  const std::vector<std::string> sets{"5,2", "0,2,4:6", "2:5", "0:7"};
  ParameterStore store(Device::from_environment(), DType::f32, 3), whole(Device::from_environment(), DType::f32, 3);
  const Parameter p = store.parameter("a.weight", {7, 2}, Init::normal(1));
  const Parameter all = whole.parameter("a.weight", {7, 2}, Init::normal(1));
  p.train_rows(RowRanges::parse(sets[0]));
  Sgd optimizer(store, {.momentum = 0.9, .weight_decay = 0.1}),
      undisturbed(whole, {.momentum = 0.9, .weight_decay = 0.1});
  for (const std::string& set : sets) {
    const RowRanges rows = RowRanges::parse(set);
    p.train_rows(rows);
    optimizer.rebuild();
    CHECK(optimizer.state_bytes() == static_cast<uint64_t>(rows.count()) * 2 * 4);
    for (int step = 0; step < 2; ++step)
      for (const auto& [changed, chosen] : {std::pair{&store, &optimizer}, std::pair{&whole, &undisturbed}}) {
        chosen->clear_gradients();
        make_gradients(*changed);
        chosen->step(0.1);
      }
  }
  // Row 2 was in every set, so it went as in the undisturbed run; the others did not.
  const std::vector<float> got = host(p), wanted = host(all);
  for (size_t i = 0; i < got.size(); ++i) CHECK((got[i] == wanted[i]) == (i / 2 == 2));
  CHECK(optimizer.state().at("a.weight.step").to_host<int32_t>()[0] == 8);
}
