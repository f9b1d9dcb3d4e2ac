// SPDX-License-Identifier: Apache-2.0
// Opens the new configuration as a directory without weights, as a training from scratch does, and saves that.
#include "models/fresh_model.h"

#include <memory>

#include "models/families.h"
#include "models/hub/save_pretrained.h"
#include "models/hub/weight_count.h"
#include "models/sequence_body.h"
#include "nn/scope.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"

namespace thaw {

namespace {

// Of "BertForMaskedLM" and "GPT2LMHeadModel" how the family's head ends, whatever it is called first.
std::string ending_of(const std::string& architecture) {
  for (const char* begin : {"For", "LMHead"})
    if (const size_t at = architecture.find(begin); at != std::string::npos) return architecture.substr(at);
  return architecture;
}

FreshModel told_of(const ParameterStore& store, const std::string& architecture) {
  FreshModel out{architecture};
  for (const Parameter& parameter : store.all()) {
    const int64_t numbers = parameter.value().numel();
    out.parameters += numbers;
    out.bytes += static_cast<uint64_t>(numbers) * sizeof(float);
  }
  return out;
}

const ModelFamily& family_named(const std::string& model_type) {
  return family_of(Json::object().set("model_type", model_type));
}

}  // namespace

FreshModel write_fresh_model(const std::string& directory, const std::string& model_type, const FreshSizes& sizes,
                             const Tokenizer& tokenizer, Device device, uint64_t seed) {
  const ModelFamily& family = family_named(model_type);
  check(family.fresh_config != nullptr, "{}: no family of new models", model_type);
  const Json config = family.fresh_config(sizes, tokenizer);
  write_file_atomically(directory + "/config.json", config.dump());
  const std::string architecture = config.at("architectures").at(0).as_string();
  const std::string ending = ending_of(architecture);
  const auto checkpoint = family.open_texts ? family.open_texts(directory, FirstWeights::random) : nullptr;
  if (checkpoint && checkpoint->has(ending)) {
    const auto model = checkpoint->build(ending, device, DType::f32, seed);
    model->save(directory, &tokenizer, {});
    return told_of(model->store(), architecture);
  }
  const auto writer = family.open_writer(
      directory, {.device = device, .seed = seed, .first_weights = FirstWeights::random, .prepare = {}});
  writer->save(directory, &tokenizer, {});
  return told_of(writer->store(), architecture);
}

bool fresh_model_reads_texts(const std::string& model_type) {
  return family_named(model_type).fresh_body_config == nullptr;
}

FreshModel write_fresh_body(const std::string& directory, const std::string& model_type, const FreshSizes& sizes,
                            Device device, uint64_t seed) {
  const ModelFamily& family = family_named(model_type);
  check(family.fresh_body_config && family.open_body, "{}: no family of bodies", model_type);
  const Json config = family.fresh_body_config(sizes);
  WeightCount count;
  ParameterStore counted(device);
  counted.set_source(&count);
  family.open_body(Scope(counted), config, {});
  check_room_for_weights(directory, count, DType::f32, device);
  ParameterStore store(device, DType::f32, seed);
  const std::unique_ptr<SequenceBody> body = family.open_body(Scope(store), config, {});
  save_pretrained(directory, config, store);
  return told_of(store, config.at("architectures").at(0).as_string());
}

}  // namespace thaw
