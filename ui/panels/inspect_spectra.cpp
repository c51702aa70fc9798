// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/inspect_spectra.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>

#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/plots/point_plot.h"
#include "ui/plots/spectrum_plot.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/rank_cut.h"

namespace weft::ui {
namespace {

constexpr int kPlotHeight = 230;
constexpr float kRounding = 1e-6F;   // of the largest singular value

SpectrumView viewOf(const SpectrumEvent& s, const QString& name) {
  return {.site = name, .step = s.step, .values = s.singular_values, .ghost = {}, .energy90 = s.energy_rank_90, .energy95 = s.energy_rank_95, .energy99 = s.energy_rank_99};
}

PointGroup energyOf(const std::vector<float>& shares, const QString& name, int color) {
  PointGroup group{.name = name, .color = color};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    group.x.push_back(static_cast<double>(i + 1));
    group.y.push_back(100 * static_cast<double>(shares[i]));
  }
  return group;
}

}  // namespace

InspectSpectra::InspectSpectra(Theme& theme, QWidget* parent) : QWidget(parent) {
  auto* cards = new QVBoxLayout(this);
  cards->setContentsMargins(0, 0, 0, 0);
  cards->setSpacing(12);
  const auto card = [&](const QString& title, const QString& subtitle) {
    auto* made = new Card(theme, title, this);
    made->explain(subtitle);
    made->hideState();
    cards->addWidget(made);
    return made;
  };
  const auto plot = [&](QWidget* in) {
    auto* made = new SpectrumPlot(theme, in);
    made->setMinimumHeight(kPlotHeight);
    return made;
  };
  m_spectrumCard = card(tr("Spectrum"), tr("singular values of the update; drag the line to see what a lower rank keeps"));
  auto* spectra = new QHBoxLayout;
  spectra->setSpacing(12);
  m_spectrum = plot(m_spectrumCard);
  spectra->addWidget(m_spectrum, 1);
  m_differencePane = new QWidget(m_spectrumCard);
  auto* difference = new QVBoxLayout(m_differencePane);
  difference->setContentsMargins(0, 0, 0, 0);
  m_differenceTitle = makeLabel("caption", tr("this update less the second adapter's"), m_differencePane);
  m_differenceTitle->setWordWrap(true);   // else it asks for more than a narrow window has
  m_difference = plot(m_differencePane);
  difference->addWidget(m_differenceTitle);
  difference->addWidget(m_difference, 1);
  spectra->addWidget(m_differencePane, 1);
  m_spectrumCard->body()->addLayout(spectra);
  m_cut = new RankCut(theme, *m_spectrum, RankCut::Size::Whole, m_spectrumCard);
  m_spectrumCard->body()->addWidget(m_cut);

  m_baseCard = card(tr("The weight itself"), tr("singular values of W, and what of the update lies along its directions"));
  m_decompose = new IconButton(theme, QStringLiteral("scan-search"), tr("Decompose W"), IconButton::Style::Plain, m_baseCard);
  m_baseCard->header()->addWidget(m_decompose);
  m_basePane = new QWidget(m_baseCard);
  auto* base = new QHBoxLayout(m_basePane);
  base->setContentsMargins(0, 0, 0, 0);
  base->setSpacing(12);
  m_base = plot(m_basePane);
  m_base->setAccessibleName(tr("Spectrum of the weight"));
  m_energy = new PointPlot(theme, tr("energy of the update along the weight's directions"), m_basePane);
  m_energy->setMinimumHeight(kPlotHeight);
  base->addWidget(m_base, 1);
  base->addWidget(m_energy, 1);
  m_baseCard->body()->addWidget(m_basePane);
  m_finding = makeLabel("secondary", {}, m_baseCard);
  m_finding->setWordWrap(true);
  m_baseCard->body()->addWidget(m_finding);
  connect(m_cut, &RankCut::exportWanted, this, &InspectSpectra::exportWanted);
  connect(m_decompose, &QPushButton::clicked, this, [this] {
    if (m_decomposing)
      Q_EMIT decomposeCancelled();
    else
      Q_EMIT decomposeWanted();
  });
}

void InspectSpectra::setDecomposing(bool on) {
  m_decomposing = on;
  m_decompose->setText(on ? tr("Cancel") : tr("Decompose W"));
  m_finding->setText(on ? tr("Decomposing the weight; a large one takes some seconds.") : tr("Cancelled; the weight was not decomposed."));
  m_finding->show();
}

void InspectSpectra::setReply(const CloseUpReply& reply, bool exportable, bool decomposable) {
  m_spectrumCard->setVisible(!reply.spectrum.singular_values.empty());
  SpectrumView view = viewOf(reply.spectrum, qs(reply.shown.path));
  view.step = reply.step;
  view.noise = noise_of(view.values, reply.shown);
  m_spectrum->setView(std::move(view));
  m_cut->setExportable(exportable);
  m_cut->follow(reply.sites, reply.spectrum.energy_rank_99);
  // of the same numbers only rounding is left
  const auto largest = [](const SpectrumEvent& s) { return s.singular_values.empty() ? 0.0F : s.singular_values.front(); };
  const bool differs = largest(reply.difference) > kRounding * largest(reply.spectrum);
  m_differencePane->setVisible(!reply.difference.singular_values.empty());
  m_difference->setVisible(differs);
  m_differenceTitle->setText(differs ? tr("this update less the second adapter's") : tr("the second adapter's update is the same here: nothing is left of the difference"));
  m_difference->setView(viewOf(reply.difference, qs(reply.shown.path)));
  m_baseCard->setVisible(decomposable || !reply.base.values.empty());
  m_decompose->setVisible(decomposable);
  m_decomposing = false;
  m_decompose->setText(tr("Decompose W"));
  showBase(reply);
}

void InspectSpectra::showBase(const CloseUpReply& reply) {
  const BaseDecomposition& base = reply.base;
  m_basePane->setVisible(!base.values.empty());
  m_finding->setVisible(!base.values.empty());
  if (base.values.empty()) return;
  m_decompose->hide();   // it is there
  m_base->setView({.site = qs(reply.shown.path), .values = base.values, .noise = base.leading ? NoiseBand{} : noise_band(base.values, reply.shown.out, reply.shown.in)});
  PointView energy{tr("direction of W"), tr("energy of ΔW, %"), {}, std::nullopt, -1};
  const auto count = static_cast<std::int64_t>(base.values.size());
  QString text = base.leading ? tr("The %1 leading directions of %2; the matrix is too large to decompose whole here.").arg(count).arg(std::min(reply.shown.out, reply.shown.in)) : QString();
  if (!base.output_energy.empty()) {
    energy.groups = {energyOf(base.output_energy, tr("outputs"), 0), energyOf(base.input_energy, tr("inputs"), 1)};
    const EndShares ends = end_shares(reply);
    const auto percent = [](double share) { return fixed(100 * share, 1); };
    text += (text.isEmpty() ? QString() : QStringLiteral(" ")) + tr("W's top %1 directions hold %2 % of the update's outputs and %3 % of its inputs; by chance it were %4 % and %5 %.")
                .arg(QString::number(ends.count), percent(ends.top_outputs), percent(ends.top_inputs), percent(ends.chance_outputs), percent(ends.chance_inputs));
    if (!base.leading) text += QStringLiteral(" ") + tr("Its bottom %1 hold %2 % and %3 %.").arg(QString::number(ends.count), percent(ends.bottom_outputs), percent(ends.bottom_inputs));
  }
  m_energy->setEmptyText(tr("The update is zero here, so none of it lies anywhere."));
  m_energy->setView(std::move(energy));
  m_finding->setText(text);
}

}  // namespace weft::ui
