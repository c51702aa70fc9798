// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rank_cut.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>

#include "ui/models/number_text.h"
#include "ui/plots/spectrum_plot.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kSliderWidth = 80;
constexpr double kBytesANumber = 4;   // exports are float32

}  // namespace

RankCut::RankCut(Theme& theme, SpectrumPlot& plot, Size detail, QWidget* parent) : QWidget(parent), m_plot(plot) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(4);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  all->addLayout(row);
  m_slider = new QSlider(Qt::Horizontal, this);
  m_slider->setAccessibleName(tr("Cut the spectrum at rank"));
  m_slider->setFixedWidth(kSliderWidth);
  m_slider->setPageStep(1);
  m_text = new ElidedLabel("caption", Qt::ElideRight, this);
  m_export = new IconButton(theme, {}, tr("Export at rank %1").arg(1), IconButton::Style::Link, this);
  m_more = makeLabel("caption", {}, this);
  m_more->setWordWrap(true);
  m_more->setVisible(detail == Size::Whole);
  all->addWidget(m_more);
  row->addWidget(m_slider);
  row->addWidget(m_text, 1);
  row->addWidget(m_export);
  connect(m_slider, &QSlider::valueChanged, this, &RankCut::choose);
  connect(&plot, &SpectrumPlot::cutMoved, this, &RankCut::choose);
  connect(m_export, &QPushButton::clicked, this, [this] { Q_EMIT exportWanted(rank()); });
  follow({}, 0);
}

int RankCut::rank() const { return m_slider->value(); }

QString RankCut::text() const { return m_text->toolTip(); }

void RankCut::setExportable(bool on) {
  m_exportable = on;
  refresh();
}

void RankCut::follow(const std::vector<SiteShape>& sites, int wanted) {
  m_sites = sites;
  const int most = static_cast<int>(m_plot.view().values.size());
  {
    const QSignalBlocker quiet(m_slider);
    const int before = m_slider->value();
    m_slider->setRange(1, std::max(1, most));
    m_slider->setValue(m_chosen ? before : std::max(1, wanted));
  }
  refresh();
}

void RankCut::choose(int rank) {
  m_chosen = true;
  const QSignalBlocker quiet(m_slider);
  m_slider->setValue(rank);
  refresh();
}

void RankCut::refresh() {
  const auto& view = m_plot.view();
  const bool any = !view.values.empty() && view.values.front() > 0;
  setVisible(any);
  m_plot.setCut(any ? rank() : 0);
  if (!any) return;
  const QString kept = fixed(100 * kept_energy(view.values, rank()), 1);
  QStringList more{tr("rank %1 keeps %2 % of the energy").arg(QString::number(rank()), kept)};
  if (view.noise.upper > 0) more.append(tr("%n above the noise edge", nullptr, view.noise.above));
  if (const auto parameters = parameters_at_rank(m_sites, rank()); parameters > 0)
    more.append(tr("all matrices at this rank: %1 parameters, %2").arg(grouped(parameters), bytesText(kBytesANumber * static_cast<double>(parameters))));
  m_more->setText(more.mid(1).join(QStringLiteral(" · ")));
  // a small card has no room for more; the whole is its tooltip
  m_text->setWholeText(m_more->isHidden() ? tr("keeps %1 %").arg(kept) : tr("keeps %1 % of the energy").arg(kept));
  m_text->setToolTip(more.join(QStringLiteral(" · ")));
  m_export->setText(tr("Export at rank %1").arg(rank()));
  m_export->setVisible(m_exportable);
}

}  // namespace weft::ui
