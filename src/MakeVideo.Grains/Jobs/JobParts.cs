using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>What every job on a silo works with.</summary>
internal sealed record JobParts(
    JobWork Work, Admission Admission, JobCatalog Catalog, JobJournal Journal, SiloBoard Board, RunningJobs Running, ClusterMeter Meter, StoreClock Clock, DataFolder Data,
    Workloads Workloads, PaceBook Paces);
