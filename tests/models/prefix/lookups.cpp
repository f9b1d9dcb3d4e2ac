// SPDX-License-Identifier: Apache-2.0
// Which stages of a trunk look rows up alone, of each family: what they give is neither kept nor computed apart.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "models/bert/bert.h"
#include "models/frozen_transformer/frozen_transformer.h"
#include "models/gpt/gpt.h"
#include "models/mpnet/heads.h"
#include "models/mpnet/input.h"
#include "models/prefix/frozen_prefix.h"
#include "models/t5/t5.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_gpt.h"
#include "tests/models/small_mpnet.h"

namespace thaw {
namespace {

template <typename Trunk, typename Input>
void check_lookups(const Trunk& trunk, ParameterStore& store, const Input& input, int64_t expected) {
  const NoGrad no_grad;
  FreezeMask::all_frozen().apply(store);
  CHECK(trunk.lookup_stages() == expected);
  const auto products = [&](int64_t stages) {
    counters() = {};
    trunk.states(input, stages);
    return counters().by_name.contains("matmul");
  };
  for (int64_t stages = 1; stages <= expected; ++stages) CHECK_FALSE(products(stages));
  CHECK(products(expected + 1));
  FrozenPrefix prefix = frozen_prefix(store, trunk);
  CHECK(prefix.has_products());
  prefix.stages = expected;
  CHECK_FALSE(prefix.has_products());
}

SequenceBatch sequences(const FrozenTransformerShape& shape, Device device) {
  SequenceBatch batch;
  const std::vector<Encoding> rows = small_encodings({5, 3});
  static_cast<PackedRows&>(batch) = PackedText::from_encodings(pointers_to(rows), device);
  if (shape.ids)
    batch.ids = Indices({0, 1, 2, 1, 0, 2, 2, 1}, device);
  else
    batch.numbers = Tensor::full({8, shape.inputs}, 0.5, DType::f32, device);
  return batch;
}

}  // namespace

TEST_CASE("prefix lookups: embeddings multiply nothing, nor does the table of biases behind MPNet's") {
  const Device device = Device::from_environment();
  const std::vector<Encoding> texts = small_encodings({5, 3});
  {
    ParameterStore store(device);
    const Bert bert(Scope(store), small_bert_config());
    check_lookups(bert, store, BertInput::from_encodings(texts, device), 1);
  }
  {
    ParameterStore store(device);
    const MPNet mpnet(Scope(store), small_mpnet_config());
    check_lookups(mpnet, store, MPNetInput::from_encodings(texts, device), 2);
  }
  for (const char* type : {"gpt2", "openai-gpt"}) {
    ParameterStore store(device);
    const Gpt gpt(Scope(store), small_gpt_config(type));
    check_lookups(gpt, store, GptInput::from_encodings(texts, device), 1);
  }
  {
    ParameterStore store(device);
    T5EncoderConfig config;
    config.vocab_size = small_vocabulary_size();
    config.d_model = 16;
    config.d_ff = 24;
    config.num_heads = 2;
    config.d_kv = 8;
    config.num_layers = 1;
    const T5EncoderModel t5(Scope(store), config);
    check_lookups(t5.encoder, store, PackedText::from_encodings(pointers_to(texts), device), 1);
  }
}

TEST_CASE("prefix lookups: a frozen transformer multiplies numbers first, and looks ids up") {
  const Device device = Device::from_environment();
  for (const Json& body : {small_bert_config().to_json("BertModel"), small_mpnet_config().to_json("MPNetModel"),
                           small_gpt_config().to_json("GPT2Model")})
    for (const bool ids : {false, true}) {
      const std::string type = body.get_string("model_type");
      INFO(type << (ids ? ", ids" : ", numbers"));
      const FrozenTransformerShape shape{.inputs = 3, .ids = ids, .outputs = 2, .read = 2};
      ParameterStore store(device);
      const FrozenTransformer model(Scope(store), shape, body);
      check_lookups(model, store, sequences(shape, device), !ids ? 0 : type == "mpnet" ? 3 : 2);
    }
}

}  // namespace thaw
