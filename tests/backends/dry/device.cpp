// SPDX-License-Identifier: Apache-2.0
// The device that computes nothing: zeros, bytes, kernels; and its arithmetic for a BERT against the closed formula.
#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "autograd/variable.h"
#include "models/bert/classification.h"
#include "models/hub/shape_source.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tensor/dry_device.h"
#include "tensor/ops.h"
#include "tests/models/small_bert.h"

using namespace thaw;

namespace {

struct Flops {
  double forward, backward;
};

// Of one step, as the device counts it and as the launches were counted.
Flops flops_of(const DryDevice& dry, ParameterStore& store, const BertForSequenceClassification& model,
               const std::vector<int32_t>& lengths, const BertConfig& config) {
  const BertInput batch = small_batch(config, lengths, dry.device());
  dry.clear();
  counters() = {};
  const Variable loss = model.loss(model(batch), {std::vector<int32_t>(lengths.size(), 0), {}});
  const double forward = dry.flops();
  CHECK(forward == counters().flops);
  backward(loss);
  CHECK(dry.flops() == counters().flops);
  for (const Parameter& parameter : store.trained()) parameter.variable().clear_grad();
  return {forward, dry.flops() - forward};
}

}  // namespace

TEST_CASE("dry: what is read back is 0, what is alive is counted, nothing is held") {
  const DryDevice dry;
  CHECK(dry.device().name() == "dry");
  {
    // More than any machine has.
    const Tensor huge = Tensor::zeros({int64_t{1} << 20, int64_t{1} << 22}, DType::f32, dry.device());
    CHECK(dry.memory().live_bytes == uint64_t{1} << 44);
    const Tensor numbers = Tensor::from_host(std::vector<float>{1, 2, 3}, {3}, dry.device());
    CHECK(add(numbers, numbers).to_host<float>() == std::vector<float>{0, 0, 0});
    CHECK(numbers.slice(0, 0, 1).to_host_later().get() == 0);
  }
  CHECK(dry.memory().live_bytes == 0);
  CHECK(dry.memory().peak_bytes == (uint64_t{1} << 44) + 2 * 12);
}

TEST_CASE("dry: kernels by their shapes, with arithmetic and bytes") {
  const DryDevice dry;
  const Tensor a = Tensor::empty({5, 7}, DType::f32, dry.device()), b = Tensor::empty({7, 3}, DType::f32, dry.device());
  matmul(a, b);
  CHECK(dry.kernels().empty());
  dry.clear();
  dry.tell_kernels_apart(true);
  matmul(a, b);
  matmul(a, b);
  const Tensor row = Tensor::empty({1, 7}, DType::f32, dry.device());
  add(a, row);
  const std::vector<KernelUse> kernels = dry.kernels();
  REQUIRE(kernels.size() == 2);
  CHECK(kernels[0].kernel == "binary");
  CHECK(kernels[0].bytes_read == 4 * (35 + 7));
  CHECK(kernels[0].bytes_written == 4 * 35);
  CHECK(kernels[1].kernel == "matmul");
  CHECK(kernels[1].shapes == "[5, 7] [7, 3] -> [5, 3]");
  CHECK(kernels[1].calls == 2);
  CHECK(kernels[1].flops == 2 * 2 * 5 * 7 * 3);
  CHECK(kernels[1].bytes_read == 2 * 4 * (35 + 21));
  CHECK(kernels[1].bytes_written == 2 * 4 * 15);
  CHECK(dry.flops() == kernels[1].flops);
}

TEST_CASE("dry: not a device that one can choose") {
  CHECK_THROWS_WITH_AS(Device::open("dry"), doctest::Contains("device 'dry' is not known"), std::invalid_argument);
  CHECK(std::ranges::none_of(list_devices(), [](const DeviceInfo& device) { return device.name == "dry"; }));
}

// T tokens, B texts, P pairs of tokens of one text, C channels, F inner size, N layers, L labels. The last layer
// computes the first tokens' rows alone, which attend to all.
TEST_CASE("dry: the arithmetic of a BERT is the closed formula's, whatever is frozen") {
  const BertConfig config = small_bert_config();
  const DryDevice dry;
  ParameterStore store(dry.device());
  ShapeSource source;
  store.set_source(&source);
  BertForSequenceClassification model(Scope(store), config);
  const std::vector<int32_t> lengths{32, 3, 16, 7, 31};
  const auto c = static_cast<double>(config.hidden_size), f = static_cast<double>(config.intermediate_size),
             n = static_cast<double>(config.num_hidden_layers), l = static_cast<double>(config.num_labels()),
             texts = static_cast<double>(lengths.size());
  double tokens = 0, pairs = 0;
  for (const double length : lengths) {
    tokens += length;
    pairs += length * length;
  }
  // Products with all rows: q, k, v, o, and the two of the feed-forward net; two of attention.
  const double layer = tokens * (8 * c * c + 4 * c * f), attention = 4 * pairs * c;
  const double last = tokens * 4 * c * c + texts * (4 * c * c + 4 * c * f), last_attention = 4 * tokens * c;
  const double head = 2 * texts * (c * c + c * l);
  const double forward = (n - 1) * (layer + attention) + last + last_attention + head;

  const Flops all = flops_of(dry, store, model, lengths, config);
  CHECK(all.forward == doctest::Approx(forward).epsilon(1e-12));
  // Each product gives two gradients; attention computes its scores again and has four products of gradients.
  CHECK(all.backward ==
        doctest::Approx(2 * ((n - 1) * layer + last + head) + 2.5 * ((n - 1) * attention + last_attention))
            .epsilon(1e-12));

  model.bert.checkpointing = true;
  const Flops again = flops_of(dry, store, model, lengths, config);
  CHECK(again.backward - all.backward == doctest::Approx(forward - head).epsilon(1e-12));
  model.bert.checkpointing = false;

  FreezeMask::all_frozen().train("classifier.*").apply(store);
  const Flops head_only = flops_of(dry, store, model, lengths, config);
  CHECK(head_only.forward == doctest::Approx(forward).epsilon(1e-12));
  CHECK(head_only.backward == doctest::Approx(2 * texts * c * l).epsilon(1e-12));

  // What flows down, and no weight's gradient but of the last norms' vectors.
  FreezeMask::all_frozen().train("*LayerNorm*").apply(store);
  const Flops norms = flops_of(dry, store, model, lengths, config);
  CHECK(norms.backward ==
        doctest::Approx((n - 1) * layer + last + head + 2.5 * ((n - 1) * attention + last_attention)).epsilon(1e-12));

  // The output product of the last layer, all of it and a quarter of its rows.
  const std::string output = "bert.encoder.layer.2.output.dense.weight";
  FreezeMask::all_frozen().train(output).apply(store);
  const double below = head + 2 * texts * c * f;
  CHECK(flops_of(dry, store, model, lengths, config).backward == doctest::Approx(below).epsilon(1e-12));
  FreezeMask::all_frozen().train_rows(output, 0, config.hidden_size / 4).apply(store);
  CHECK(flops_of(dry, store, model, lengths, config).backward ==
        doctest::Approx(head + 2 * texts * c * f / 4).epsilon(1e-12));
}
