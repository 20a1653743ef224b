package generate

import (
	"strconv"
	"strings"
)

var (
	topics = strings.Fields(`account address agenda allotment basket berth booking cargo carrier claim coupon courier
		customs deposit depot dispatch fare ferry fleet freight harbour invoice itinerary journal ledger licence locker
		loyalty luggage manifest meter mooring offer order parcel passenger payout permit pilot pricing quota rebate
		refund roster route schedule seat shipment tariff ticket timetable toll vehicle voucher warehouse waybill`)
	aspects = strings.Fields(`audit batch cache catalogue change closing counter curve draft event export feed forecast
		gate history import index inbox limit lookup match mirror notice outbox plan profile quote record registry
		replay rules search session signal snapshot status stream summary survey token update vault watch window`)
	roles   = strings.Fields("api worker gateway sync store scheduler router notifier collector resolver planner writer")
	colours = strings.Fields(`amber azure bronze cobalt copper coral crimson emerald golden granite indigo ivory jade
		linen maroon ochre olive pearl russet saffron scarlet silver slate teal umber violet`)
	birds = strings.Fields(`avocet bittern bunting curlew dipper dunlin fieldfare gannet godwit goldfinch heron hobby
		jackdaw kestrel kingfisher kite lapwing linnet nightjar nuthatch osprey petrel plover puffin redstart siskin
		skylark snipe stonechat swift tern turnstone wagtail whimbrel wren`)
	givenNames = strings.Fields(`Alba Anton Astrid Bela Bruno Carla Cato Clara Dario Edda Elias Emin Enzo Fenna Floris
		Gita Greta Hugo Ilse Imre Iris Ivo Jana Joris Juno Kaja Kira Lars Lena Levi Lior Lotte Maja Malik Mika Mira Nils
		Noor Nuno Oda Orla Otto Pavel Petra Quinn Rania Remy Rosa Runa Samir Selma Sven Tala Theo Tova Uma Vera Wim Yara Zeno`)
	familyNames = strings.Fields(`Abendroth Arkwright Bakker Baumgart Birchall Bloemhof Brandvold Calder Castellan Dahlmann
		Dorrel Eikeland Fairburn Falkner Fennimore Galloway Gerritsen Hallbrook Havelock Hoogland Ilvesta Jessop Kallender
		Kestermann Kirkbride Lindqvar Lockhurst Maresch Merriden Molenaar Nordhagen Oakshott Ostrander Pallister Pendrell
		Quarrie Rademaker Ravensby Rosvald Sandoval Schelling Silverdal Sorensby Stavenger Tamminen Thornbury Uldahl
		Valcourt Vandermeer Wetherell Wintershall Yardley Zandstra`)
	zones = strings.Fields("Europe/Amsterdam Europe/Lisbon Europe/Warsaw Europe/London America/New_York Asia/Singapore")
)

// scattered turns a number into another below n, each into a different one, so that
// neighbours in the alphabet have nothing to do with each other. n must not be a
// multiple of the prime.
func scattered(i, n int) int { return i % n * 7919 % n }

// numbered tells things apart when the words have run out.
func numbered(name string, round int) string {
	if round == 0 {
		return name
	}
	return name + "-" + strconv.Itoa(round+1)
}

func serviceName(i int) string {
	n := len(topics) * len(aspects) * len(roles)
	k := scattered(i, n)
	name := topics[k%len(topics)] + "-" + aspects[k/len(topics)%len(aspects)] + "-" + roles[k/len(topics)/len(aspects)]
	return numbered(name, i/n)
}

func teamName(i int) string {
	n := len(colours) * len(birds)
	k := scattered(i, n)
	return numbered(colours[k%len(colours)]+"-"+birds[k/len(colours)], i/n)
}

func systemName(i int) string {
	n := len(topics) * len(aspects)
	k := scattered(i, n)
	return numbered(topics[k%len(topics)]+"-"+aspects[k/len(topics)], i/n)
}

func domainName(i int) string { return numbered(topics[i%len(topics)], i/len(topics)) }

func personTitle(i int) string {
	k := scattered(i, len(givenNames)*len(familyNames))
	return givenNames[k%len(givenNames)] + " " + familyNames[k/len(givenNames)]
}

func personName(i int) string {
	name := strings.ToLower(strings.ReplaceAll(personTitle(i), " ", "-"))
	return numbered(name, i/(len(givenNames)*len(familyNames)))
}

// titled makes "Parcel quote API" of parcel-quote-api.
func titled(name string) string {
	words := strings.ReplaceAll(name, "-", " ")
	if before, ok := strings.CutSuffix(words, " api"); ok {
		words = before + " API"
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
