// SPDX-License-Identifier: Apache-2.0
// Frozen transformers that are saved as changes of one base, opened side by side; and what positions are left.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/bert/pretraining.h"
#include "models/frozen_transformer/opened.h"
#include "models/gpt/language_model.h"
#include "models/hub/shared_weights.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_gpt.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

const FrozenTransformerOptions bits{.shape = {.inputs = 2, .ids = true, .outputs = 2, .read = 1}};

std::vector<float> outputs(const OpenedFrozenTransformer& model) {
  const std::vector<Encoding> sequences{sequence_of_ids({1, 0, 1, 1, 0}), sequence_of_ids({0, 0, 1})};
  return model(pointers_to(sequences)).value().to_host<float>();
}

// What the usual rules train, moved from where it was.
void save_moved(const std::string& base, const std::string& directory, float by) {
  OpenedFrozenTransformer model(base, bits, Device::from_environment());
  FreezeMask::parse(model.model().usual_rules(5), "rules").apply(model.store());
  for (const Parameter& parameter : model.store().trained()) {
    std::vector<float> numbers = parameter.value().to_host<float>();
    for (size_t i = 0; i < numbers.size(); ++i) numbers[i] += by * static_cast<float>(i % 3);
    const Tensor& value = parameter.value();
    value.copy_from(Tensor::from_host(numbers, value.shape(), value.device(), value.dtype()));
  }
  model.save(directory, {.base = BaseModel{base, {}}});
}

}  // namespace

TEST_CASE("frozen transformers: changes of one base share what none changes, and compute as each alone") {
  const ScratchFolder folder;
  write_small_model<BertForMaskedLM>(folder / "bert", small_bert_config());
  write_small_model<GptLMHeadModel>(folder / "gpt", small_gpt_config());
  for (const char* base : {"bert", "gpt"}) {
    CAPTURE(base);
    const std::string one = folder / base + "_one", other = folder / base + "_other";
    save_moved(folder / base, one, 0.2F);
    save_moved(folder / base, other, -0.1F);
    const Device device = Device::from_environment();
    const std::vector<float> alone = outputs(OpenedFrozenTransformer(one, bits, device));
    const std::vector<float> other_alone = outputs(OpenedFrozenTransformer(other, bits, device));
    CHECK(alone != other_alone);

    const SharedWeights shared;
    const OpenedFrozenTransformer first(one, bits, device), second(other, bits, device);
    CHECK(outputs(first) == alone);
    CHECK(outputs(second) == other_alone);
    size_t in_common = 0;
    for (const Parameter& parameter : first.store().all())
      if (parameter.value().same_view(second.store().find(parameter.name()).value())) ++in_common;
    CHECK(in_common > 3);  // the weights of layers
  }
}

TEST_CASE("frozen transformers: prompts and prefixes take their positions of a sequence's") {
  const ScratchFolder folder;
  write_small_model<BertForMaskedLM>(folder / "bert", small_bert_config());
  write_small_model<GptLMHeadModel>(folder / "gpt", small_gpt_config());
  for (const char* base : {"bert", "gpt"}) {
    CAPTURE(base);
    OpenedFrozenTransformer model(folder / base, bits, Device::open("reference"));
    const int64_t all = model.model().body().positions();
    FreezeMask::parse("prompt n=3", "rules").apply(model.store());
    CHECK(model.model().body().positions() == all - 3);
    FreezeMask::parse("prompt n=3\nprefix n=4", "rules").apply(model.store());
    CHECK(model.model().body().positions() == all - 7);
  }
}

TEST_CASE("frozen transformers: what is odd in a directory is told, and what cannot begin is refused") {
  const ScratchFolder folder;
  write_small_model<BertForMaskedLM>(folder / "bert", small_bert_config());
  folder.write("bert/adapter_config.json", "{}");
  const OpenedFrozenTransformer odd(folder / "bert", bits, Device::open("reference"));
  CHECK(odd.report().notes ==
        std::vector<std::string>{folder / "bert" + ": its adapter (adapter_config.json) is not applied"});

  BertConfig config = small_bert_config();
  config.initializer_range = 0;
  write_small_model<BertForMaskedLM>(folder / "zeros", config);
  const std::string said = error_of<std::runtime_error>([&] {
    const OpenedFrozenTransformer zeros(folder / "zeros", bits, Device::open("reference"), DType::f32, 1, {},
                                        FirstWeights::random);
  });
  CHECK(said.find("initializer_range: is 0") != std::string::npos);
}
