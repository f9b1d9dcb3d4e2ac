// SPDX-License-Identifier: Apache-2.0
// Hands rows to MPNet.
#include "models/mpnet/sequence_body.h"

#include "models/bert/sequence_body.h"
#include "models/mpnet/mpnet.h"

namespace thaw {
namespace {

class MPNetBody final : public BertBody {
 public:
  MPNetBody(const Scope& scope, const MPNetConfig& config)
      : BertBody(scope, config, MPNet(scope, config, Bert::Pooler::without)), positions_(config.positions()) {}

  int64_t positions() const override { return positions_behind(positions_); }
  std::optional<PositionTable> position_table() const override {
    return PositionTable{BertBody::position_table()->name, MPNetConfig::padding + 1};
  }

 protected:
  BertInput of(const BodyInput& input) const override { return MPNetInput(BertBody::of(input)); }

 private:
  int64_t positions_;
};

}  // namespace

std::unique_ptr<SequenceBody> open_mpnet_body(const Scope& scope, const Json& json, const BodyOptions& options) {
  return std::make_unique<MPNetBody>(scope, body_config<MPNetConfig>(json, options));
}

}  // namespace thaw
