// SPDX-License-Identifier: Apache-2.0
// Opens the new configuration as a directory without weights, as a training from scratch does, and saves that.
#include "models/fresh_model.h"

#include <memory>

#include "models/families.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"

namespace thaw {

namespace {

FreshModel told_of(const ParameterStore& store, const std::string& architecture) {
  FreshModel out{architecture};
  for (const Parameter& parameter : store.all()) {
    const int64_t numbers = parameter.value().numel();
    out.parameters += numbers;
    out.bytes += static_cast<uint64_t>(numbers) * sizeof(float);
  }
  return out;
}

}  // namespace

FreshModel write_fresh_model(const std::string& directory, const std::string& model_type, const FreshSizes& sizes,
                             const Tokenizer& tokenizer, Device device, uint64_t seed) {
  const ModelFamily& family = family_of(Json::object().set("model_type", model_type));
  check(family.fresh_config != nullptr, "{}: no family of new models", model_type);
  const Json config = family.fresh_config(sizes, tokenizer);
  write_file_atomically(directory + "/config.json", config.dump());
  const std::string architecture = config.at("architectures").at(0).as_string();
  if (auto checkpoint = family.open_texts(directory, FirstWeights::random); checkpoint->has(architecture)) {
    const auto model = checkpoint->build(architecture, device, DType::f32, seed);
    model->save(directory, &tokenizer, {});
    return told_of(model->store(), architecture);
  }
  const auto writer = family.open_writer(
      directory, {.device = device, .seed = seed, .first_weights = FirstWeights::random, .prepare = {}});
  writer->save(directory, &tokenizer, {});
  return told_of(writer->store(), architecture);
}

}  // namespace thaw
