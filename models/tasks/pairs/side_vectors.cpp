// SPDX-License-Identifier: Apache-2.0
// Reads rows of one side, and computes.
#include "models/tasks/pairs/side_vectors.h"

#include "models/families.h"
#include "models/hub/config.h"
#include "models/tasks/medium.h"
#include "models/tasks/pair_pipeline.h"
#include "models/tasks/pairs/side_rows.h"

namespace thaw {

namespace {

PairOptions options_of(const std::string& directory, const SideVectorOptions& o) {
  PairOptions options;
  options.files = family_of(read_config_json(directory)).reads;
  options.file_column = o.file_column.empty() ? std::string(medium_of(options.files).column) : o.file_column;
  options.text_column = o.text_column;
  return options;
}

TextPipelineOptions opening_of(const SideVectorOptions& o) {
  return {.device = o.device, .max_length = o.max_length, .trained = true};
}

}  // namespace

struct SideVectors::Parts {
  PairSide side;
  PairOptions options;
  PairPipeline model;
  SideRows rows;
  std::unique_ptr<RowNotes> notes;
  RowErrors errors;

  Parts(const std::string& directory, const SideVectorOptions& o, const PredictionRequest& request,
        const FieldNames& called)
      : side(o.side),
        options(options_of(directory, o)),
        model(directory, options.files, opening_of(o)),
        rows(side, request, options, called),
        notes(model.encoder(side).notes()) {}
};

bool holds_pairs(const std::string& directory) { return is_of_pairs(read_config_json(directory)); }

SideVectors::SideVectors(const std::string& directory, const SideVectorOptions& options,
                         const PredictionRequest& request, const FieldNames& called)
    : parts_(std::make_unique<Parts>(directory, options, request, called)) {}

SideVectors::~SideVectors() = default;

int64_t SideVectors::width() const { return parts_->model.width(); }

const LoadReport& SideVectors::report() const { return parts_->model.report(); }

std::vector<float> SideVectors::next(int64_t count) {
  Parts& p = *parts_;
  const SideBatch batch(p.rows, p.model.encoder(p.side), count, p.errors);
  if (batch.rows.empty()) return {};
  for (size_t i = 0; i < batch.rows.size(); ++i) p.notes->add(batch.rows[i], batch.encodings[i]);
  return batch.vectors(p.model, p.side);
}

std::vector<std::string> SideVectors::notes() const { return parts_->notes->lines(); }

}  // namespace thaw
