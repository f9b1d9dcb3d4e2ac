// SPDX-License-Identifier: Apache-2.0
// Merges, writes, reads again, compares.
#include "models/tasks/merged_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/hub/change_directory.h"
#include "models/hub/model_directory.h"
#include "models/tasks/largest_difference.h"
#include "models/tasks/opened_model.h"
#include "nn/change/merge.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Largest difference, as a share of the largest output (or of 1), that rounding explains.
double bound(DType dtype) { return dtype == DType::f32 ? 1e-4 : 0.1; }

}  // namespace

MergedModel merge_model(const std::string& directory, const std::string& output, Device device, DType dtype) {
  check_model_directory(directory);
  if (!holds_change(directory)) fail("{}: is a whole model: there is nothing to merge", directory);
  MergedModel done;
  std::vector<float> before;
  {
    const OpenedModel opened(directory, device);
    before = opened.outputs();
    done.products = std::ranges::count_if(opened.store().products(), [](const auto& p) { return p->adapted(); });
    const MergedAdapters merged(opened.store());
    SaveOptions options{.dtype = dtype};
    for (const MergedAdapters::Untied& untied : merged.untied()) {
      options.untied.push_back({untied.name, untied.value});
      if (!untied.tied_to.empty())
        done.untied.push_back(fmt::format("{}, tied to {} before", untied.name, untied.tied_to));
    }
    opened.save(output, options);
  }

  const std::vector<float> after = OpenedModel(output, device).outputs();
  done.largest_output = largest_magnitude(before);
  done.largest_difference = largest_difference(before, after);
  if (!(done.largest_difference <= bound(dtype) * std::max(1.0, done.largest_output)))
    fail("{}: the merged model gives other numbers than {}: up to {:.3g} apart, of {:.3g}", output, directory,
         done.largest_difference, done.largest_output);
  return done;
}

}  // namespace thaw
