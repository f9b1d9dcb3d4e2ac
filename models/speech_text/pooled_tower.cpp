// SPDX-License-Identifier: Apache-2.0
// Finds, opens and freezes the model.
#include "models/speech_text/pooled_tower.h"

#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/families.h"
#include "nn/mode.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

std::unique_ptr<TextModel> open_frozen(const std::string& directory, InputKind reads, Device device, DType dtype) {
  constexpr uint64_t unused_seed = 0;  // nothing may be missing
  std::unique_ptr<TextModel> model = open_checkpoint(directory, reads)->build("Model", device, dtype, unused_seed);
  if (!model->report().initialised.empty())
    fail("{}: the checkpoint lacks {}", directory, listed(model->report().initialised));
  return model;
}

void freeze(const ParameterStore& store) {
  for (const Parameter& parameter : store.all()) parameter.freeze();
  store.mode().training = false;
}

}  // namespace

std::string place_of(const PlacedModel& place, const std::string& directory, const std::string& key) {
  const std::string found = place_of_base(place, directory);
  if (found.empty())
    fail("{}/config.json: {}.path: {} is not there, or is no model: it says where the other model lies", directory, key,
         quote(place.path));
  if (const std::string hash = weights_hash(found); hash != place.hash)
    fail("{}/config.json: {}.sha256: the weights have the SHA-256 {}..., but those of {} have {}...", directory, key,
         place.hash.substr(0, 12), found, hash.substr(0, 12));
  return found;
}

PooledTower::PooledTower(const PlacedModel& place, const std::string& directory, const std::string& key,
                         InputKind reads, Device device, DType dtype)
    : directory_(place_of(place, directory, key)), model_(open_frozen(directory_, reads, device, dtype)) {
  if (model_->width() != place.width)
    fail("{}/config.json: {}.hidden_size: is {}, but the states of {} have {} numbers", directory, key, place.width,
         directory_, model_->width());
  freeze(model_->store());
}

PooledTower::PooledTower(const PooledTower& like, Device dry)
    : directory_(like.directory_), model_(like.model_->on_dry_device(dry)) {
  freeze(model_->store());
}

Variable PooledTower::means(std::span<const Encoding* const> things) const {
  const Variable states = (*model_)(things);
  std::vector<int32_t> lengths;
  for (const Encoding* thing : things) lengths.push_back(static_cast<int32_t>(thing->size()));
  return mean_segments(states, Segments(lengths, states.value().device()));
}

FrozenPrefix PooledTower::frozen_prefix() const {
  FrozenPrefix prefix = model_->frozen_prefix();
  ++prefix.of;
  ++prefix.stages;
  prefix.row_a_text = true;
  return prefix;
}

Tensor PooledTower::operator()(std::span<const Encoding* const> things) const {
  if (cache_)
    return states_below(things, frozen_prefix(), model_->store(), *cache_,
                        [this](std::span<const Encoding* const> some, int64_t) { return means(some); })
        .states.value();
  const NoGrad no_grad;
  return means(things).value();
}

}  // namespace thaw
